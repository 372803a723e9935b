import { PROBLEM_TYPE, problemSchema } from '../../shared/api/problem.ts';

const problemAnswer = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
});

/** What any route may answer besides its own; part of each route's schema, for the description of the API. */
export const problems = {
  '4xx': problemAnswer('Refused: see `code`'),
  '5xx': problemAnswer('Not possible right now: see `code`'),
} as const;
