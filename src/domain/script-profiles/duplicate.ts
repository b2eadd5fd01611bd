import { Refusal } from '../errors.ts';
import { type Instant, toRfc3339 } from '../time.ts';
import type { ScriptProfile, ScriptProfileDraft } from './script-profile.ts';
import type { TriggerDraft } from './trigger.ts';

/**
 * The draft of a copy of a profile, archived or not. The copy is not paused and has no runs.
 * @param given replaces the copied trigger. It may be of any kind.
 * @throws Refusal INVALID_INPUT for a one-time trigger that has passed, because the copy would run
 * immediately
 */
export function duplicateDraft(
  source: ScriptProfile,
  { title, trigger: given }: { title: string; trigger?: TriggerDraft | null },
  now: Instant,
): ScriptProfileDraft {
  const { trigger } = source;
  if (!given && trigger.kind === 'one_time' && trigger.timestamp <= now) {
    const time = toRfc3339(trigger.timestamp);
    throw new Refusal(
      'INVALID_INPUT',
      `The copied time ${time} has passed, so the copy would run immediately. Set a trigger for the copy.`,
      {
        field: 'trigger',
        found: time,
        allowed: 'a new trigger, because the copied time has passed',
      },
    );
  }
  return { ...source, title, trigger: given ?? trigger };
}

/** Points refusals of copied values at the field `id`, because the caller's input names only the source. */
export function aboutSource(refusal: Refusal): Refusal {
  const { code, message, detail, others } = refusal;
  const isGiven = detail.field === undefined || /^(id|title|trigger|idempotencyKey)\b/.test(detail.field);
  return new Refusal(code, message, isGiven ? detail : { ...detail, field: 'id' }, others.map(aboutSource));
}
