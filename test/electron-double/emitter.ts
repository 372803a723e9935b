import { EventEmitter } from 'node:events';

/** Electron's own types of these have one overload for each event, and `this` as what they return. */
export type Without<T, K extends keyof T> = Pick<T, Exclude<K, 'on' | 'once' | 'off'>>;

/** What Electron hands to the listeners of an event that can be prevented. */
export interface Preventable {
  readonly preventDefault: () => void;
  readonly defaultPrevented: boolean;
}

export const preventable = <T extends object>(more: T): T & Preventable => {
  let prevented = false;
  return {
    ...more,
    preventDefault: () => {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
};

/** An emitter whose listeners may be of any shape: what main listens to is checked by running it. */
export class Emitter {
  readonly #events = new EventEmitter();
  on(event: string, listener: (...args: never[]) => void): this {
    this.#events.on(event, listener as (...args: unknown[]) => void);
    return this;
  }
  once(event: string, listener: (...args: never[]) => void): this {
    this.#events.once(event, listener as (...args: unknown[]) => void);
    return this;
  }
  off(event: string, listener: (...args: never[]) => void): this {
    this.#events.off(event, listener as (...args: unknown[]) => void);
    return this;
  }
  emit(event: string, ...args: unknown[]): boolean {
    return this.#events.emit(event, ...args);
  }
  listenerCount(event: string): number {
    return this.#events.listenerCount(event);
  }
}
