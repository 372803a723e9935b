/** What a person asked for an account is not possible; in words, with a stable code. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code:
    | 'account_exists'
    | 'account_unknown'
    | 'account_has_songs'
    | 'account_in_use'
    | 'last_admin'
    | 'email_invalid';

  constructor(code: AccountError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
