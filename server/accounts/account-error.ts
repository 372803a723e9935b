/** Some of what an account uploaded cannot be removed from the store, so it stays for now. In words, with a stable code. */
export class UploadsStuckError extends Error {
  override readonly name = 'UploadsStuckError';
  readonly code = 'uploads_stuck';

  constructor(email: string, stuck: number) {
    super(
      `${stuck === 1 ? 'One unused upload' : `${stuck} unused uploads`} of ${email} could not be removed, so the account is ` +
        'still there; it was signed out everywhere. Look at the disk and at the rights of the folder objects, then run ' +
        'this again. archive.log names each file and the reason.',
    );
  }
}

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
