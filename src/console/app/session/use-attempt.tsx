import { type ReactNode, useState } from 'react';
import { Notice } from '../../components/page/notice.tsx';
import { Refused } from './requests.ts';

interface Attempts {
  attempt(logIn: () => Promise<void>): void;
  readonly busy: boolean;
  /** The reason of the last refusal. */
  readonly refusal: ReactNode;
}

/** Tries log-ins, and keeps the reason where the gateway refuses one. */
export function useAttempt(title = 'Not logged in'): Attempts {
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState<string>();
  const attempt = async (logIn: () => Promise<void>) => {
    setBusy(true);
    setReason(undefined);
    try {
      await logIn();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setReason(error.message);
    } finally {
      setBusy(false);
    }
  };
  const refusal = reason && (
    <Notice severity="negative" title={title} role="alert">
      {reason}
    </Notice>
  );
  return { attempt: (logIn) => void attempt(logIn), busy, refusal };
}
