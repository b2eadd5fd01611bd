import { accessGroupService } from './access-groups.ts';
import { accessKeyService } from './access-keys.ts';
import { activityService } from './activities.ts';
import { agentPings } from './agent-pings.ts';
import { agentRegistrationService } from './agent-registrations.ts';
import { agentStateService } from './agent-states.ts';
import { agentService } from './agents.ts';
import { computerService } from './computers.ts';
import { connectionShares } from './connection-shares.ts';
import { eventService, keepingRefusals } from './event-log.ts';
import { executionService } from './executions.ts';
import { forecastService } from './forecasts.ts';
import { limitsService } from './limits.ts';
import { liveService } from './live.ts';
import { logInService } from './log-ins.ts';
import { nobody, type Observer, observed } from './observer.ts';
import { passwordGate } from './password-gate.ts';
import { passwordService } from './passwords.ts';
import { peopleService } from './people.ts';
import type { Store } from './ports.ts';
import { preferencesService } from './preferences.ts';
import { previewService } from './previews.ts';
import { registrationKeyService } from './registration-keys.ts';
import { retentionService } from './retention.ts';
import { roleService } from './roles.ts';
import { runService } from './runs.ts';
import { scriptAttachmentService } from './script-attachments.ts';
import { scriptProfileService } from './script-profiles.ts';
import { scriptService } from './scripts.ts';
import { serverService } from './server.ts';
import { tagPreviewService } from './tag-preview.ts';
import { tokenService } from './tokens.ts';
import { viewerService } from './viewer.ts';

/**
 * Every use case, over one store; each keeps whom it refused for want of a permission.
 * @param report hears of faults that happen behind nobody's request
 */
export function createServices(
  store: Store,
  report: (fault: unknown) => void = () => {},
  observer: Observer = nobody,
) {
  const sharing = connectionShares();
  const heard = <Service extends object>(name: string, service: Service) =>
    observed(observer, name, sharing(service));
  const kept = <Service extends object>(name: string, service: Service) =>
    heard(name, keepingRefusals(store, name, service));
  const registrationKeys = registrationKeyService(store);
  const gate = passwordGate();
  return {
    accessGroups: kept('accessGroups', accessGroupService(store)),
    accessKeys: heard('accessKeys', accessKeyService(store)),
    activities: kept('activities', activityService(store)),
    agents: heard('agents', agentService(store, observer)),
    agentPings: agentPings(store),
    agentStates: kept('agentStates', agentStateService(store)),
    agentRegistrations: heard('agentRegistrations', agentRegistrationService(store, registrationKeys)),
    computers: kept('computers', computerService(store)),
    events: kept('events', eventService(store)),
    executions: kept('executions', executionService(store, observer)),
    forecasts: kept('forecasts', forecastService(store)),
    limits: kept('limits', limitsService(store)),
    live: liveService(store, report),
    logIns: heard('logIns', logInService(store, gate)),
    passwords: heard('passwords', passwordService(store, gate)),
    people: kept('people', peopleService(store)),
    preferences: kept('preferences', preferencesService(store)),
    previews: kept('previews', previewService(store)),
    registrationKeys: heard('registrationKeys', registrationKeys),
    retention: heard('retention', retentionService(store)),
    roles: kept('roles', roleService(store)),
    runs: kept('runs', runService(store, observer)),
    scriptProfiles: kept('scriptProfiles', scriptProfileService(store)),
    scripts: kept('scripts', scriptService(store)),
    scriptAttachments: kept('scriptAttachments', scriptAttachmentService(store)),
    server: serverService(store),
    tagPreviews: kept('tagPreviews', tagPreviewService(store)),
    tokens: kept('tokens', tokenService(store)),
    viewer: kept('viewer', viewerService(store)),
  };
}

export type Services = ReturnType<typeof createServices>;
