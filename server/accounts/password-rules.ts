import { PASSWORD_LENGTH } from '../../shared/api/auth.ts';

/** What people type when twelve characters are asked for, in lower case. Every one is in the lists of leaks. */
const COMMON = new Set([
  '123456789012',
  '1234567890123',
  '12345678901234',
  '123456789012345',
  '1234567890123456',
  '123123123123',
  '111111111111',
  '000000000000',
  '121212121212',
  'abcdefghijkl',
  'abcdefghijklm',
  'abcd12345678',
  'abc123456789',
  'a1234567890b',
  'qwertyuiopas',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwerty123456',
  'qwerty1234567',
  'qwertyqwerty',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'q1w2e3r4t5y6',
  'zaq12wsxcde3',
  'passwordpassword',
  'password1234',
  'password12345',
  'password123456',
  'password2024',
  'password2025',
  'password2026',
  'passw0rd1234',
  'mypassword12',
  'mypassword123',
  'changeme1234',
  'changemenow1',
  'letmeinletmein',
  'letmein12345',
  'iloveyou1234',
  'welcome12345',
  'welcome123456',
  'administrator',
  'administrator1',
  'adminadmin12',
  'adminadminadmin',
  'admin1234567',
  'admin12345678',
  'administration',
  'trustno1trustno1',
  'ledgerlineledgerline',
  'correcthorsebatterystaple',
]);

export class WeakPasswordError extends Error {
  readonly code = 'weak_password';
  override readonly name = 'WeakPasswordError';
}

/** Throws {@link WeakPasswordError} for a password that a new account must not have. */
export const checkNewPassword = (password: string, email: string): void => {
  const { min, max } = PASSWORD_LENGTH;
  if (password.length < min || password.length > max) {
    throw new WeakPasswordError(
      `A password has ${min} to ${max} characters. A sentence is easy to remember.`,
    );
  }
  const plain = password.toLowerCase();
  if (COMMON.has(plain) || new Set(plain).size < 4 || plain === email.toLowerCase()) {
    throw new WeakPasswordError('This password is among the first that are guessed. Please take another.');
  }
};
