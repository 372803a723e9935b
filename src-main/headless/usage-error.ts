/** Wrong use of the command line: told in one line that says what to do instead; exit code 2. */
export class UsageError extends Error {
  readonly code = 'usage';
  override readonly name = 'UsageError';
}
