import type { Fault, FaultRule, RuleHandle } from './types.ts';

export interface FaultRules {
  readonly add: (rule: FaultRule) => RuleHandle;
  readonly clear: () => void;
  /** The fault that befalls this request; asking counts. */
  readonly faultFor: (method: string, path: string, bodyBytes: number) => Fault | undefined;
}

export const createRules = (random: () => number): FaultRules => {
  let rules: { readonly rule: FaultRule; matches: number; hits: number }[] = [];
  return {
    add: (rule) => {
      const added = { rule, matches: 0, hits: 0 };
      rules.push(added);
      return {
        hits: () => added.hits,
        remove: () => {
          rules = rules.filter((other) => other !== added);
        },
      };
    },
    clear: () => {
      rules = [];
    },
    faultFor: (method, path, bodyBytes) => {
      for (const entry of rules) {
        const { rule } = entry;
        if (rule.method !== undefined && rule.method !== method) continue;
        if (rule.path !== undefined && path.search(rule.path) === -1) continue;
        if (bodyBytes <= (rule.longerThan ?? -1)) continue;
        if (entry.hits >= (rule.times ?? 1)) continue;
        entry.matches += 1;
        if (entry.matches <= (rule.skip ?? 0) || random() >= (rule.share ?? 1)) continue;
        entry.hits += 1;
        return rule.fault;
      }
      return undefined;
    },
  };
};
