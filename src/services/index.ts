import { accessGroupService } from './access-groups.ts';
import { activityService } from './activities.ts';
import { computerService } from './computers.ts';
import { limitsService } from './limits.ts';
import { peopleService } from './people.ts';
import type { Store } from './ports.ts';
import { scriptProfileService } from './script-profiles.ts';
import { scriptService } from './scripts.ts';

/** Every use case, over one store. */
export const createServices = (store: Store) => ({
  accessGroups: accessGroupService(store),
  activities: activityService(store),
  computers: computerService(store),
  limits: limitsService(store),
  people: peopleService(store),
  scriptProfiles: scriptProfileService(store),
  scripts: scriptService(store),
});

export type Services = ReturnType<typeof createServices>;
