/** What `electron` means: some packages take its members one by one, others all at once. */
export * from './electron.ts';
export * as default from './electron.ts';
