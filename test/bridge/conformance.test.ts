import { describe, expect, test } from 'vitest';
import type { Link } from '../../shared/bridge/bridge.ts';
import { BridgeError } from '../../shared/bridge/bridge.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { LibraryError } from '../../src-main/engine/library/choose.ts';
import { NOTHING_CHOSEN, standingOf, stateOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { type FarEnd, TRANSPORTS } from './transports.ts';

const farEnd = (calls: FarEnd['calls'] = {}): FarEnd => ({
  calls,
  first: NOTHING_CHOSEN,
  tell: () => undefined,
  faults: [],
});

/** How a call was refused. */
const refusal = async (work: Promise<unknown>): Promise<BridgeError> => {
  const error = await work.then(
    () => undefined,
    (refused: unknown) => refused,
  );
  if (error instanceof BridgeError) return error;
  throw new Error('It was not refused', { cause: error });
};

describe.each(TRANSPORTS)('a bridge over %s', (_name, carry) => {
  const listening = async (far: FarEnd) => {
    const carried = await carry(far);
    const states: PageState[] = [];
    const links: Link[] = [];
    carried.bridge.onState((state) => void states.push(state));
    carried.bridge.onLink((link) => void links.push(link));
    await waitFor('the first state', () => states.length > 0 && links.at(-1) === 'up');
    return { ...carried, states, links };
  };

  test('tells how things stand at once, and whenever that changes', async () => {
    const far = farEnd();
    const { states, bridge } = await listening(far);
    expect(states.at(-1)).toEqual(NOTHING_CHOSEN);
    const next = stateOf({ standing: standingOf({ archived: 3 }) });
    far.tell(next);
    await waitFor('the next state', () => states.at(-1)?.standing.archived === 3);
    expect(states.at(-1)).toEqual(next);
    // Who comes later hears the last one.
    const late: PageState[] = [];
    const stop = bridge.onState((state) => void late.push(state));
    expect(late).toEqual([next]);
    stop();
    far.tell(NOTHING_CHOSEN);
    await waitFor('the one after it', () => states.at(-1)?.standing.archived === 0);
    expect(late).toEqual([next]);
    expect(far.faults).toEqual([]);
  });

  test('carries calls there and answers back, in whatever order they are done', async () => {
    const first = Promise.withResolvers<null>();
    const far = farEnd({
      pause: async () => first.promise,
      browse: (ref) => ({
        here: null,
        parent: null,
        folders: [{ ref: ref ?? 'root', name: 'Ünï 🎵' }],
        trouble: null,
      }),
      resume: () => null,
    });
    const { bridge } = await listening(far);
    const order: string[] = [];
    const paused = bridge.call('pause', 'hour').then(() => order.push('pause'));
    await bridge.call('resume', null).then(() => order.push('resume'));
    expect(await bridge.call('browse', 'abc')).toMatchObject({ folders: [{ ref: 'abc', name: 'Ünï 🎵' }] });
    first.resolve(null);
    await paused;
    expect(order).toEqual(['resume', 'pause']);
    expect(far.faults).toEqual([]);
  });

  test('refuses in words what cannot be done', async () => {
    const far = farEnd({
      forgetLibrary: () => {
        throw new LibraryError('This folder is away.', {});
      },
      resume: () => {
        throw new Error('the secret of a fault\nwith a stack');
      },
    });
    const { bridge } = await listening(far);
    expect(await refusal(bridge.call('forgetLibrary', 1))).toMatchObject({ message: 'This folder is away.' });
    expect(await refusal(bridge.call('resume', null))).toMatchObject({ code: 'unexpected' });
    expect(far.faults).toHaveLength(1);
    expect(await refusal(bridge.call('start', null))).toMatchObject({ code: 'not_here' });
    expect(await refusal(bridge.call('pause', 'for ever' as never))).toMatchObject({ code: 'bad_input' });
    expect(await refusal(bridge.call('toString' as never, null as never))).toMatchObject({
      code: 'unknown_call',
    });
    expect(await refusal(bridge.call('addLibrary', '/etc/passwd'))).toMatchObject({ code: 'bad_input' });
  });

  test('believes no answer that is not of the contract', async () => {
    const far = farEnd({ archiveHere: () => ({ place: 7 }) as never });
    const { bridge } = await listening(far);
    expect(await refusal(bridge.call('archiveHere', null))).toMatchObject({ code: 'not_understood' });
  });

  test('says that the far end is gone, and leaves nobody waiting for it', async () => {
    const far = farEnd({ plan: () => new Promise(() => undefined), resume: () => null });
    const { bridge, links, vanish } = await listening(far);
    await bridge.call('resume', null);
    const planning = refusal(bridge.call('plan', null));
    await vanish();
    expect((await planning).message).toMatch(/Ledgerline/);
    await waitFor('the link to be down', () => links.at(-1) === 'down');
    expect((await refusal(bridge.call('resume', null))).message).toMatch(/Ledgerline/);
  });
});
