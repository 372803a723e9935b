export type Fault =
  /** Passes the request on so much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Cuts both lines when so many bytes of the request's body have passed; `random`: somewhere in it. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number | 'random' }
  /** Passes so many bytes of the answer's body and cuts the line. */
  | { readonly kind: 'cut-response'; readonly afterBytes: number }
  /** Takes the whole request, passes nothing on and cuts the line. */
  | { readonly kind: 'swallow' }
  /** Passes the request on, waits for the whole answer, and cuts the line instead of passing it back. */
  | { readonly kind: 'drop-answer' }
  /** Answers this itself and passes nothing on. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Lets this one request and its answer pass at this pace. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Reads nothing and answers nothing; the line stays open. */
  | { readonly kind: 'black-hole' };

export interface FaultRule {
  /** Any unless told. */
  readonly method?: string;
  /** Tested against path and query as they were sent; any unless told. */
  readonly path?: RegExp;
  /** Only requests that announce a body of more bytes than this. */
  readonly longerThan?: number;
  readonly fault: Fault;
  /** How many requests it befalls; one unless told. */
  readonly times?: number;
  /** How many matching requests are spared before. */
  readonly skip?: number;
  /** Which share (0 to 1) of the matching requests it befalls, drawn by lot; all unless told. */
  readonly share?: number;
}

export interface RuleHandle {
  /** How many requests it has befallen. */
  readonly hits: () => number;
  readonly remove: () => void;
}

export interface ProxiedRequest {
  readonly method: string;
  /** Without its query; segments that are long enough to be secrets are left out. */
  readonly path: string;
  /** Bytes of the body that were passed on. */
  readonly requestBytes: number;
  /** Bytes of the answer's body that were passed back. */
  readonly responseBytes: number;
  /** What the archive answered, whether or not it was passed back; or what the proxy answered in its place. */
  readonly status?: number | undefined;
  readonly fault?: Fault['kind'] | undefined;
  /** `cut`: by a fault. `client gone` and `target gone`: the other end closed the line, or was not there. */
  readonly outcome: 'open' | 'answered' | 'cut' | 'client gone' | 'target gone';
}

export interface FaultProxyOptions {
  /** The origin of the archive, as in `http://127.0.0.1:1234`. */
  readonly target: string;
  /**
   * Whether the target's origin is replaced by the proxy's in JSON answers, so that tickets lead through the proxy
   * too. True unless told; a list names further origins under which the archive speaks of itself.
   */
  readonly rewriteOrigins?: boolean | readonly string[];
  /** From 0 to below 1; a seeded one unless told. */
  readonly random?: () => number;
}

export interface FaultProxy {
  readonly origin: string;
  /** Rules are looked at in the order in which they were added; the first that applies is taken. */
  readonly addRule: (rule: FaultRule) => RuleHandle;
  readonly clearRules: () => void;
  /** In the order in which they arrived. */
  readonly requests: () => readonly ProxiedRequest[];
  readonly forgetRequests: () => void;
  /** From now on requests go there; an archive may come back on another port. */
  readonly setTarget: (target: string) => void;
  /** Bytes per second that all bodies share, both ways together; undefined lifts the limit. */
  readonly setBandwidth: (bytesPerSecond: number | undefined) => void;
  /** No byte moves any more, on open lines and new ones, and no line is closed: as when a cable is pulled. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Cuts all lines; connections are refused until it is back. */
  readonly goOffline: () => Promise<void>;
  readonly goOnline: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
