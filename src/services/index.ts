import { accessGroupService } from './accounts/access-groups.ts';
import { accessKeyService } from './accounts/access-keys.ts';
import { firstAccountService } from './accounts/first-account.ts';
import { limitsService } from './accounts/limits.ts';
import { logInService } from './accounts/log-ins.ts';
import { passwordGate } from './accounts/password-gate.ts';
import { passwordService } from './accounts/passwords.ts';
import { peopleService } from './accounts/people.ts';
import { preferencesService } from './accounts/preferences.ts';
import { roleService } from './accounts/roles.ts';
import { tokenService } from './accounts/tokens.ts';
import { viewerService } from './accounts/viewer.ts';
import { accountStatisticsService } from './activities/account-statistics.ts';
import { activityService } from './activities/activities.ts';
import { approvalService } from './activities/approvals.ts';
import { executionService } from './activities/executions.ts';
import { rerunService } from './activities/reruns.ts';
import { retentionService } from './activities/retention.ts';
import { runService } from './activities/runs.ts';
import { scriptRunService } from './activities/script-runs.ts';
import { agentPings } from './computers/agent-pings.ts';
import { agentRegistrationService } from './computers/agent-registrations.ts';
import { agentStateService } from './computers/agent-states.ts';
import { agentService } from './computers/agents.ts';
import { computerEditService } from './computers/computer-edits.ts';
import { computerService } from './computers/computers.ts';
import { registrationKeyService } from './computers/registration-keys.ts';
import { savedSearchService } from './computers/saved-searches.ts';
import { tagPreviewService } from './computers/tag-preview.ts';
import { auditingDenials, eventService } from './event-log.ts';
import { connectionShares } from './fairness/connection-shares.ts';
import { instrument, noopObserver, type Observer } from './observer.ts';
import type { Store } from './ports.ts';
import { forecastService } from './script-profiles/forecasts.ts';
import { previewService } from './script-profiles/previews.ts';
import { scriptProfileService } from './script-profiles/script-profiles.ts';
import { scriptAttachmentService } from './scripts/script-attachments.ts';
import { scriptService } from './scripts/scripts.ts';
import { serverService } from './server.ts';
import { liveService } from './subscriptions/live.ts';

/**
 * Creates all use cases for a store.
 * @param report receives errors that occur outside of requests
 */
export function createServices(
  store: Store,
  report: (fault: unknown) => void = () => {},
  observer: Observer = noopObserver,
) {
  const sharing = connectionShares();
  const instrumented = <Service extends object>(name: string, service: Service) =>
    instrument(observer, name, sharing(service));
  const audited = <Service extends object>(name: string, service: Service) =>
    instrumented(name, auditingDenials(store, name, service));
  const registrationKeys = registrationKeyService(store);
  const gate = passwordGate();
  return {
    accessGroups: audited('accessGroups', accessGroupService(store)),
    accessKeys: instrumented('accessKeys', accessKeyService(store)),
    accountStatistics: audited('accountStatistics', accountStatisticsService(store)),
    activities: audited('activities', activityService(store)),
    approvals: audited('approvals', approvalService(store)),
    agents: instrumented('agents', agentService(store, observer)),
    agentPings: agentPings(store),
    agentStates: audited('agentStates', agentStateService(store)),
    agentRegistrations: instrumented('agentRegistrations', agentRegistrationService(store, registrationKeys)),
    computers: audited('computers', computerService(store)),
    computerEdits: audited('computerEdits', computerEditService(store)),
    events: audited('events', eventService(store)),
    executions: audited('executions', executionService(store, observer)),
    firstAccount: instrumented('firstAccount', firstAccountService(store, gate)),
    forecasts: audited('forecasts', forecastService(store)),
    limits: audited('limits', limitsService(store)),
    live: liveService(store, report),
    logIns: instrumented('logIns', logInService(store, gate)),
    passwords: instrumented('passwords', passwordService(store, gate)),
    people: audited('people', peopleService(store)),
    preferences: audited('preferences', preferencesService(store)),
    previews: audited('previews', previewService(store)),
    registrationKeys: instrumented('registrationKeys', registrationKeys),
    reruns: audited('reruns', rerunService(store)),
    retention: instrumented('retention', retentionService(store)),
    roles: audited('roles', roleService(store)),
    runs: audited('runs', runService(store, observer)),
    savedSearches: audited('savedSearches', savedSearchService(store)),
    scriptProfiles: audited('scriptProfiles', scriptProfileService(store)),
    scriptRuns: audited('scriptRuns', scriptRunService(store)),
    scripts: audited('scripts', scriptService(store)),
    scriptAttachments: audited('scriptAttachments', scriptAttachmentService(store)),
    server: serverService(store),
    tagPreviews: audited('tagPreviews', tagPreviewService(store)),
    tokens: audited('tokens', tokenService(store)),
    viewer: audited('viewer', viewerService(store)),
  };
}

export type Services = ReturnType<typeof createServices>;
