import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { legacyActions } from '../../src/rest/actions/actions.ts';
import { routes } from '../../src/rest/rest-api.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { follow, transports } from '../support/following.ts';
import { aRun, insert } from '../support/rows.ts';
import { AccessWorld, outcomeOf, type Things } from './access-world.ts';
import { mutate } from './mutate.ts';

// Every field and route that returns data of the account has a rule here. Two people try it: one with every permission
// except the required one, and one with all permissions. A new field or route without a rule fails.

const schema = createSchema();
let app: TestApp;
let world: AccessWorld;
let things: Things;
/** Number of the administrator. */
let person: number;
/** Group `web` and the numbers of what is in it, for `$web`, `$script` and so on in a document. */
let names: Record<string, string | number>;

beforeAll(async () => {
  app = await startApp({ seed: 'none', now: NOW });
  world = await AccessWorld.in(app);
  const web = await world.group('web');
  things = await world.fill(web);
  // Gives the forecast a run, and a tag an effect on profiles.
  const scheduled = {
    title: 'Scheduled',
    scriptId: things.script,
    username: 'root',
    timeLimit: 60,
    tags: ['tag-web'],
    trigger: { recurring: { interval: '0 8 * * *', startAfter: NOW } },
  };
  const profile = 'scriptProfile { databaseId }';
  const made = await mutate(app, 'createScriptProfile', scheduled, profile, world.admin);
  await mutate(app, 'createSavedSearch', { title: 'Saved', search: 'tag:a' }, '', world.admin);
  // Gives the statistics data: a failure, and a computer that was not seen for long.
  const failure = [{ computerId: things.computer, status: 'failed' }];
  const failed = aRun(900_100, made.scriptProfile.databaseId, failure, 'failed');
  await insert(world.prisma, 'activity', world.account, failed);
  await world.prisma.computer.updateMany({
    where: { id: things.computer },
    data: { acceptedAt: '2025-01-01T00:00:00Z' },
  });
  // Gives the event log an entry.
  await app.graphql(
    'mutation { updateLimits(input: { minInterval: 5 }) { userErrors { code } } }',
    {},
    world.admin,
  );
  const { data } = await app.graphql(
    '{ viewer { person { id databaseId } } roles { id databaseId } }',
    {},
    world.admin,
  );
  const deeds = [
    { entityType: 'ScriptProfile', entityId: things.profile },
    { entityType: 'Script', entityId: things.script },
    { entityType: 'Computer', entityId: things.computer },
    { entityType: 'Role', entityId: data.roles[0].databaseId },
  ].map((deed, index) => ({ id: 900_000 + index, entityTitle: 'any', ...deed }));
  await insert(world.prisma, 'event', world.account, deeds);
  person = data.viewer.person.databaseId;
  names = { ...things, group: web.id, person: data.viewer.person.id, role: data.roles[0].id };
});
afterAll(() => app.close());

/** The result for a person without the permission. */
type Without =
  /** An error that names the permission. */
  | 'FORBIDDEN'
  /** As if it did not exist: NOT_FOUND, null or an empty list. */
  | 'absent';

type Rule =
  | { readonly takes: string; readonly without: Without; readonly ask: string; readonly there?: string }
  /** A subscription. A person without the permission is refused with FORBIDDEN or NOT_FOUND before any event. */
  | { readonly takes: string; readonly follow: string }
  /** Visible with the row that contains it. */
  | 'with its row'
  /** For every person, or for credentials of another kind. */
  | 'for every person'
  | 'for computers';

const forbidden = (takes: string, ask: string): Rule => ({ takes, without: 'FORBIDDEN', ask });
const absent = (takes: string, ask: string): Rule => ({ takes, without: 'absent', ask });
const change = (takes: string, mutation: string, input: string): Rule =>
  forbidden(takes, `mutation { done: ${mutation}(input: { ${input} }) { userErrors { code } } }`);
const ofProfile = (selection: string) => `{ scriptProfile(id: "$profile") { field: ${selection} } }`;
const ofActivity = (selection: string) => `{ activity(id: "$execution") { field: ${selection} } }`;
const page = 'totalCount nodes { id } edges { cursor } pageInfo { startCursor }';
const trigger = 'trigger: { event: { eventType: POST_ENROLLMENT } }';
const draft =
  'title: "new", scriptId: "$script", username: "root", timeLimit: 1, allComputers: true, trigger: { recurring: { interval: "0 8 * * *", startAfter: "2025-01-01T00:00:00Z" } }';
const preview = (proposal: string, list: string) =>
  `{ scriptProfilePreview(input: { ${proposal} }) { field: ${list} { ${page} } } }`;
const followed = (takes: string, selection: string): Rule => ({
  takes,
  follow: `subscription { ${selection} }`,
});

const rules: Record<string, Rule> = {
  'Query.accessGroups': 'for every person',
  'Query.accountStatistics': forbidden(
    'ViewScriptProfile',
    '{ field: accountStatistics { worstScriptProfiles { scriptProfile { id } } } }',
  ),
  'Query.activities': forbidden('ViewScriptProfile', `{ field: activities { ${page} } }`),
  'Query.activity': absent('ViewScriptProfile', '{ field: activity(id: "$run") { id } }'),
  'Query.computer': absent('ViewComputer', '{ field: computer(id: "$computer") { id } }'),
  'Query.computers': forbidden('ViewComputer', `{ field: computers { ${page} } }`),
  'Query.events': forbidden('ViewEventLog', `{ field: events { ${page} } }`),
  'Query.limits': forbidden('ViewScriptProfile', '{ field: limits { minInterval } }'),
  'Query.node': absent('ViewRole', '{ field: node(id: "$role") { id } }'),
  'Query.nodes': absent('ViewRole', '{ field: nodes(ids: ["$role"]) { id } }'),
  'Query.persons': forbidden('ViewRole', `{ field: persons { ${page} } }`),
  'Query.preferences': forbidden('ViewComputer', '{ field: preferences { hasRegistrationKey } }'),
  'Query.roles': forbidden('ViewRole', '{ field: roles { id } }'),
  'Query.script': absent('ViewScript', '{ field: script(id: "$script") { id } }'),
  'Query.scriptProfile': absent('ViewScriptProfile', '{ field: scriptProfile(id: "$profile") { id } }'),
  'Query.scriptProfiles': forbidden('ViewScriptProfile', `{ field: scriptProfiles { ${page} } }`),
  'Query.scripts': forbidden('ViewScript', `{ field: scripts { ${page} } }`),
  'Query.savedSearches': forbidden('ViewComputer', '{ field: savedSearches { id } }'),
  'Query.tags': forbidden('ViewComputer', '{ field: tags }'),
  'Query.tagCounts': forbidden('ViewComputer', '{ field: tagCounts { numComputers } }'),
  'Query.scriptProfilePreview': forbidden(
    'ManageScriptProfile',
    '{ field: scriptProfilePreview(input: { update: { id: "$profile", timeLimit: 7 } }) { matched { nodes { id } } } }',
  ),
  'Query.tagChangePreview': forbidden(
    'ManageComputer',
    '{ field: tagChangePreview(input: { computerIds: ["$computer"], remove: ["tag-web"] }) { effects { scriptProfile { id } } } }',
  ),
  'Query.upcomingRuns': forbidden(
    'ViewScriptProfile',
    '{ field: upcomingRuns { runs { scriptProfile { id } } } }',
  ),
  'Query.server': 'for every person',
  'Query.viewer': 'for every person',

  'AccountStatistics.runsInProgress': 'with its row',
  'AccountStatistics.unseenComputers': absent(
    'ViewComputer',
    `{ accountStatistics { field: unseenComputers { ${page} } } }`,
  ),
  'ScriptProfileTotals.scriptProfile': 'with its row',
  'MissedSlots.scriptProfile': 'with its row',
  'ComputerTotals.computer': absent(
    'ViewComputer',
    '{ accountStatistics { field: worstComputers { computer { id } } } }',
  ),
  'ScriptProfile.accessGroup': 'with its row',
  'ScriptProfile.createdBy': 'with its row',
  'ScriptProfile.script': absent('ViewScript', ofProfile('script { id }')),
  'ScriptProfile.computers': absent('ViewComputer', ofProfile(`computers { ${page} }`)),
  'ScriptProfile.activities': 'with its row',
  'ScriptProfile.lastActivity': 'with its row',
  'ScriptProfile.slots': 'with its row',
  'Computer.activities': absent(
    'ViewScriptProfile',
    `{ computer(id: "$computer") { field: activities { ${page} } } }`,
  ),
  'Computer.lastExecution': absent(
    'ViewScriptProfile',
    '{ computer(id: "$computer") { field: lastExecution { id } } }',
  ),
  'ScriptProfile.events': absent('ViewEventLog', ofProfile('events { nodes { id } }')),
  'Script.events': absent('ViewEventLog', '{ script(id: "$script") { field: events { nodes { id } } } }'),
  'Computer.events': absent(
    'ViewEventLog',
    '{ computer(id: "$computer") { field: events { nodes { id } } } }',
  ),
  'Role.events': absent('ViewEventLog', '{ roles { field: events { nodes { id } } } }'),
  'SlotEntry.activity': 'with its row',
  'Activity.failures': 'with its row',
  'Activity.parent': 'with its row',
  'Activity.children': 'with its row',
  'Activity.scriptProfile': 'with its row',
  'Activity.creator': 'with its row',
  'Activity.computer': absent('ViewComputer', ofActivity('computer { id }')),
  'Script.accessGroup': 'with its row',
  'Script.createdBy': 'with its row',
  'Script.lastEditedBy': 'with its row',
  'Script.versions': 'with its row',
  'ScriptVersion.createdBy': 'with its row',
  'Script.profiles': absent('ViewScriptProfile', `{ script(id: "$script") { field: profiles { ${page} } } }`),
  'Computer.accessGroup': 'with its row',
  // Null if the caller may not see its group: test/message-system/computers.ts.
  'Computer.possibleDuplicateOf': 'with its row',
  'ScriptProfilePreview.matched': absent(
    'ViewComputer',
    preview(`update: { id: "$profile", timeLimit: 7 }`, 'matched'),
  ),
  'ScriptProfilePreview.joining': absent('ViewComputer', preview(`create: { ${draft} }`, 'joining')),
  'ScriptProfilePreview.leaving': absent(
    'ViewComputer',
    preview('update: { id: "$profile", allComputers: false }', 'leaving'),
  ),
  'UpcomingRun.scriptProfile': 'with its row',
  'RunConflict.scriptProfile': 'with its row',
  'RunConflict.otherScriptProfile': 'with its row',
  'Targeting.scriptProfile': absent(
    'ViewScriptProfile',
    '{ computer(id: "$computer") { field: targetedBy { scriptProfile { id } } } }',
  ),
  'TagChangeEffect.scriptProfile': 'with its row',
  'TagChangeEffect.gained': 'with its row',
  'TagChangeEffect.lost': 'with its row',
  'VersionClash.current': 'with its row',
  'ScriptProfileEvent.scriptProfile': 'with its row',
  'RunProgressEvent.activity': 'with its row',
  'ActivityFeedEvent.activities': 'with its row',
  'ComputerEvent.computer': 'with its row',
  'ScriptEvent.script': 'with its row',
  'EventFeedEvent.events': 'with its row',

  'Subscription.scriptProfileChanged': followed('ViewScriptProfile', 'scriptProfileChanged { changes }'),
  'Subscription.runProgress': followed(
    'ViewScriptProfile',
    'runProgress(activityId: "$run") { activity { id } }',
  ),
  'Subscription.activityFeed': followed('ViewScriptProfile', 'activityFeed { isSnapshot }'),
  'Subscription.computerChanged': followed('ViewComputer', 'computerChanged { changes }'),
  'Subscription.scriptChanged': followed('ViewScript', 'scriptChanged { changes }'),
  'Subscription.eventAdded': followed('ViewEventLog', 'eventAdded { isSnapshot }'),
  'AccessGroup.parent': 'with its row',
  'AccessGroup.children': 'with its row',
  'Event.person': 'with its row',
  'Role.accessGroups': 'with its row',
  'Role.persons': 'with its row',
  'Person.roles': absent('ViewRole', '{ viewer { person { field: roles { id } } } }'),
  'Viewer.person': 'for every person',
  'HeldPermission.accessGroups': 'for every person',

  'Mutation.createFirstAccount': 'for every person',
  'Mutation.login': 'for every person',
  'Mutation.setPassword': 'for every person',
  'Mutation.changePassword': 'for every person',
  'Mutation.loginWithAccessKey': 'for every person',
  'Mutation.switchAccount': 'for every person',
  'Mutation.logout': 'for every person',
  'Mutation.createAccessKey': 'for every person',
  'Mutation.revokeAccessKey': 'for every person',
  'Mutation.invalidatePersonTokens': change('ManageAccount', 'invalidatePersonTokens', 'id: "$person"'),
  'Mutation.invalidateAccountTokens': change('ManageAccount', 'invalidateAccountTokens', ''),
  'Mutation.acceptComputers': change('ManagePendingComputer', 'acceptComputers', 'ids: ["$pending"]'),
  'Mutation.addScriptAttachment': change(
    'ManageScript',
    'addScriptAttachment',
    'scriptId: "$script", filename: "new", content: ""',
  ),
  'Mutation.archiveScript': change('ManageScript', 'archiveScript', 'id: "$script"'),
  'Mutation.archiveScriptProfile': change('ManageScriptProfile', 'archiveScriptProfile', 'id: "$profile"'),
  'Mutation.cancelActivities': change('ManageScriptProfile', 'cancelActivities', 'query: "id:$run"'),
  'Mutation.cancelActivity': change('ManageScriptProfile', 'cancelActivity', 'id: "$run"'),
  'Mutation.createAccessGroup': change('ManageAccount', 'createAccessGroup', 'title: "new"'),
  'Mutation.updateAccessGroup': change('ManageAccount', 'updateAccessGroup', 'id: "$group", title: "new"'),
  'Mutation.deleteAccessGroup': change('ManageAccount', 'deleteAccessGroup', 'id: "$group"'),
  'Mutation.createPerson': change('ManageRole', 'createPerson', 'name: "new", email: "new@example.com"'),
  'Mutation.updatePerson': change('ManageRole', 'updatePerson', 'id: "$person", name: "new"'),
  'Mutation.removePerson': change('ManageRole', 'removePerson', 'id: "$person"'),
  'Mutation.renewInvitation': change('ManageRole', 'renewInvitation', 'id: "$person"'),
  'Mutation.revokeInvitation': change('ManageRole', 'revokeInvitation', 'id: "$person"'),
  'Mutation.resetPassword': change('ManageRole', 'resetPassword', 'id: "$person"'),
  'Mutation.createRole': change('ManageRole', 'createRole', 'name: "new"'),
  'Mutation.createScript': change(
    'ManageScript',
    'createScript',
    'title: "new", code: "true", interpreter: "/bin/sh", accessGroup: "web"',
  ),
  'Mutation.createScriptProfile': change(
    'ManageScriptProfile',
    'createScriptProfile',
    `title: "new", scriptId: "$script", username: "root", timeLimit: 1, ${trigger}`,
  ),
  'Mutation.amendRole': change('ManageRole', 'amendRole', 'id: "$role", addAccessGroups: ["web"]'),
  'Mutation.copyRole': change('ManageRole', 'copyRole', 'id: "$role", name: "copy"'),
  'Mutation.deleteRole': change('ManageRole', 'deleteRole', 'id: "$role"'),
  'Mutation.duplicateScriptProfile': change(
    'ManageScriptProfile',
    'duplicateScriptProfile',
    `id: "$profile", title: "another", ${trigger}`,
  ),
  'Mutation.enrolComputer': change(
    'ManagePendingComputer',
    'enrolComputer',
    'hostname: "web", accessGroup: "web"',
  ),
  'Mutation.pauseScriptProfiles': change('ManageScriptProfile', 'pauseScriptProfiles', 'ids: ["$profile"]'),
  'Mutation.resumeScriptProfiles': change('ManageScriptProfile', 'resumeScriptProfiles', 'ids: ["$profile"]'),
  'Mutation.archiveScriptProfiles': change(
    'ManageScriptProfile',
    'archiveScriptProfiles',
    'ids: ["$profile"]',
  ),
  'Mutation.runScriptProfiles': change('ManageScriptProfile', 'runScriptProfiles', 'ids: ["$profile"]'),
  'Mutation.rerunFailedExecutions': change(
    'ManageScriptProfile',
    'rerunFailedExecutions',
    'activityId: "$run"',
  ),
  'ScriptProfileResult.scriptProfile': 'with its row',
  'RunResult.activity': 'with its row',
  'Mutation.pauseScriptProfile': change('ManageScriptProfile', 'pauseScriptProfile', 'id: "$profile"'),
  'Mutation.redactScript': change('RedactScript', 'redactScript', 'id: "$script"'),
  'Mutation.regroupComputers': change(
    'ManageComputer',
    'regroupComputers',
    'ids: ["$computer"], accessGroup: "web"',
  ),
  'Mutation.rejectComputers': change('ManagePendingComputer', 'rejectComputers', 'ids: ["$pending"]'),
  'Mutation.removeComputers': change('ManageComputer', 'removeComputers', 'query: "id:$computer"'),
  'Mutation.updateComputer': change('ManageComputer', 'updateComputer', 'id: "$computer", title: "new"'),
  'Mutation.removeComputer': change('ManageComputer', 'removeComputer', 'id: "$computer"'),
  'Mutation.removeScriptAttachment': change(
    'ManageScript',
    'removeScriptAttachment',
    'scriptId: "$script", filename: "new"',
  ),
  'Mutation.reportExecution': 'for computers',
  'Mutation.resumeScriptProfile': change('ManageScriptProfile', 'resumeScriptProfile', 'id: "$profile"'),
  'Mutation.retagComputers': change('ManageComputer', 'retagComputers', 'ids: ["$computer"], add: ["new"]'),
  'Mutation.runScriptProfile': change(
    'ManageScriptProfile',
    'runScriptProfile',
    'id: "$profile", idempotencyKey: "key"',
  ),
  'Mutation.runScript': change(
    'ManageScriptProfile',
    'runScript',
    'scriptId: "$script", query: "id:$computer", username: "root"',
  ),
  'Mutation.approveActivities': change('ManageScriptProfile', 'approveActivities', 'query: "id:$run"'),
  'Mutation.reapplyActivities': change('ManageScriptProfile', 'reapplyActivities', 'ids: ["$run"]'),
  'Mutation.createSavedSearch': change(
    'ManageComputer',
    'createSavedSearch',
    'title: "new", search: "tag:a"',
  ),
  'Mutation.updateSavedSearch': change('ManageComputer', 'updateSavedSearch', 'name: "new"'),
  'Mutation.deleteSavedSearch': change('ManageComputer', 'deleteSavedSearch', 'name: "new"'),
  'Mutation.takeExecutions': 'for computers',
  'Mutation.updateLimits': change('ManageAccount', 'updateLimits', 'minInterval: 1'),
  'Mutation.updatePreferences': change(
    'ManageAccount',
    'updatePreferences',
    'autoRegisterNewComputers: false',
  ),
  'Mutation.updateRole': change('ManageRole', 'updateRole', 'id: "$role", description: "new"'),
  'Mutation.updateScript': change('ManageScript', 'updateScript', 'id: "$script", title: "new"'),
  'Mutation.updateScriptProfile': change(
    'ManageScriptProfile',
    'updateScriptProfile',
    'id: "$profile", timeLimit: 7',
  ),
};

type RestRule =
  | readonly [takes: string, status: number]
  /** The same answer for every person with a token. */
  | 'for every person'
  /** The same answer also without a token. */
  | 'public'
  /** Depends only on the caller. See test/rest/log-in.ts, people.ts and first-start.test.ts. */
  | 'of its own';

/** The permission that a path of the legacy API requires, and the status without it. */
const restRules: Record<string, RestRule> = {
  'POST /login': 'of its own',
  'POST /login/access-key': 'of its own',
  'GET /me': 'of its own',
  'POST /switch-account': 'of its own',
  'POST /logout': 'of its own',
  'POST /tokens/invalidate-me': 'of its own',
  'POST /tokens/invalidate-account': ['ManageAccount', 403],
  'GET /script-profiles': ['ViewScriptProfile', 403],
  'POST /script-profiles': ['ManageScriptProfile', 403],
  'GET /script-profiles/{id}': ['ViewScriptProfile', 404],
  'PATCH /script-profiles/{id}': ['ManageScriptProfile', 403],
  'POST /script-profiles/{id}:archive': ['ManageScriptProfile', 403],
  'GET /script-profiles/{id}/activities': ['ViewScriptProfile', 404],
  'GET /script-profiles/{id}/computers': ['ViewScriptProfile', 404],
  'GET /script-profile-limits': ['ViewScriptProfile', 403],
  'GET /scripts': ['ViewScript', 403],
  'GET /scripts/{id}': ['ViewScript', 404],
  'GET /scripts/{id}/versions': ['ViewScript', 404],
  'GET /scripts/{id}/versions/{number}': ['ViewScript', 404],
  'GET /scripts/{id}/attachments/{attachment}': ['ViewScript', 404],
  'GET /scripts/{id}/script-profiles': ['ViewScript', 404],
  'POST /scripts/{id}:archive': ['ManageScript', 403],
  'POST /scripts/{id}:redact': ['RedactScript', 403],
  'GET /computers': ['ViewComputer', 403],
  'GET /computers/{id}': ['ViewComputer', 404],
  'GET /tags': ['ViewComputer', 403],
  'GET /tags/profile-diff': ['ManageComputer', 403],
  'GET /activities': ['ViewScriptProfile', 403],
  'GET /activities/{id}': ['ViewScriptProfile', 404],
  'POST /activities/reapply': ['ManageScriptProfile', 403],
  'GET /preferences': ['ViewComputer', 403],
  'PATCH /preferences': ['ManageAccount', 403],
  'GET /person': 'for every person',
  'POST /person': 'of its own',
  'PUT /password': 'of its own',
  'GET /credentials': 'for every person',
  'POST /credentials': 'of its own',
  'PUT /administrators/{id}': ['ManageRole', 403],
  'GET /invitations': ['ViewRole', 403],
  'POST /invitations/{id}': ['ManageRole', 403],
  'DELETE /invitations/{id}': ['ManageRole', 403],
  'GET /events': ['ViewEventLog', 403],
  'POST /standalone-account': 'of its own',
  'GET /about': 'public',
  'GET /features': 'public',
  'GET /standalone-account': 'public',
  'GET /login/methods': 'public',
  'GET /classic_dashboard_url': 'for every person',
  'GET /alerts/summary': 'for every person',
  'GET /alerts': 'for every person',
  'GET /packageprofiles': 'for every person',
  'GET /rebootprofiles': 'for every person',
  'GET /repositoryprofiles': 'for every person',
  'GET /computers/availability-zones': 'for every person',
  'PUT /computers/{id}': ['ManageComputer', 403],
  'GET /computers/{id}/recovery-key': ['ViewComputer', 404],
  'GET /computers/{id}/packages': ['ViewComputer', 404],
  'GET /computers/{id}/snaps/installed': ['ViewComputer', 404],
  'GET /computers/{id}/processes': ['ViewComputer', 404],
  'GET /users': 'for every person',
  'GET /computers/{id}/livepatch/info': ['ViewComputer', 404],
  'GET /computers/{id}/livepatch/kernel': ['ViewComputer', 404],
  'GET /usns': 'for every person',
};

/** The same for the legacy actions, with their parameters. */
const actionRules: Record<string, readonly [takes: string, parameters: string] | 'for every person'> = {
  GetAccessGroups: 'for every person',
  GetActivityTypes: 'for every person',
  GetSavedSearches: ['ViewComputer', ''],
  CreateSavedSearch: ['ManageComputer', 'title=new&search=tag:a'],
  EditSavedSearch: ['ManageComputer', 'name=new&title=newer'],
  RemoveSavedSearch: ['ManageComputer', 'name=new'],
  ApproveActivities: ['ManageScriptProfile', 'query=id:$run'],
  CancelActivities: ['ManageScriptProfile', 'query=id:$run'],
  GetPendingComputers: ['ViewComputer', ''],
  AcceptPendingComputers: ['ManagePendingComputer', 'computer_ids.1=$pending&access_group=web'],
  CreateScript: ['ManageScript', 'title=new&access_group=web&code=IyEvYmluL3NoCg=='],
  EditScript: ['ManageScript', 'script_id=$script&title=new'],
  AddTagsToComputers: ['ManageComputer', 'query=id:$computer&tags.1=new'],
  RemoveTagsFromComputers: ['ManageComputer', 'query=id:$computer&tags.1=new'],
  ChangeComputersAccessGroup: ['ManageComputer', 'query=id:$computer&access_group=web'],
  RejectPendingComputers: ['ManagePendingComputer', 'computer_ids.1=$pending'],
  RemoveComputers: ['ManageComputer', 'query=id:$computer'],
  ExecuteScript: ['ManageScriptProfile', 'script_id=$script&query=id:$computer&username=root'],
  CreateScriptAttachment: ['ManageScript', 'script_id=$script&file=new$$'],
  RemoveScriptAttachment: ['ManageScript', 'script_id=$script&filename=new'],
  CreateAccessGroup: ['ManageAccount', 'title=new'],
  RemoveAccessGroup: ['ManageAccount', 'name=web'],
  GetRoles: ['ViewRole', ''],
  GetPermissions: 'for every person',
  CreateRole: ['ManageRole', 'name=new'],
  CopyRole: ['ManageRole', 'name=GlobalAdmin&destination_name=new'],
  RemoveRole: ['ManageRole', 'name=GlobalAdmin'],
  AddAccessGroupsToRole: ['ManageRole', 'name=GlobalAdmin&access_groups.1=web'],
  RemoveAccessGroupsFromRole: ['ManageRole', 'name=GlobalAdmin&access_groups.1=web'],
  AddPermissionsToRole: ['ManageRole', 'name=GlobalAdmin&permissions.1=ViewScript'],
  RemovePermissionsFromRole: ['ManageRole', 'name=GlobalAdmin&permissions.1=ViewScript'],
  AddPersonsToRole: ['ManageRole', 'name=GlobalAdmin&persons.1=jane@example.com'],
  RemovePersonsFromRole: ['ManageRole', 'name=GlobalAdmin&persons.1=jane@example.com'],
  GetAdministrators: ['ViewRole', ''],
  InviteAdministrator: ['ManageRole', 'name=New&email=new@example.com'],
  DisableAdministrator: ['ManageRole', 'email=jane@example.com'],
  GetRemovalProfiles: 'for every person',
  GetUpgradeProfiles: 'for every person',
};

const written = (document: string) =>
  document.replaceAll(/\$([a-z]+)/g, (whole, name) => String(names[name] ?? whole));

/**
 * The fields that return data of the account: all root fields, and all fields whose type is a node or a list of nodes.
 */
function guarded(): string[] {
  const isThing = (type: unknown) =>
    isInterfaceType(type) ||
    (isObjectType(type) &&
      (type.getInterfaces().length > 0 ||
        type.name.endsWith('Connection') ||
        type.name === 'HeldPermission'));
  const roots = ['Query', 'Mutation', 'Subscription'];
  return (
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      // Payloads and parts of a list are reached through a field that has a rule.
      .filter(({ name }) => !/^__|(Payload|Connection|Edge)$/.test(name))
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter((field) => roots.includes(type.name) || isThing(getNamedType(field.type)))
          .map((field) => `${type.name}.${field.name}`),
      )
      .filter((path) => path !== 'Viewer.permissions')
  );
}

test('every field that returns data of the account has a rule, and every rule belongs to a field', () => {
  expect(guarded().sort()).toEqual(Object.keys(rules).sort());
});

test('every route has a rule, and every rule belongs to a route', () => {
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(restRules).sort());
});

const tried = Object.entries(rules).flatMap(([path, rule]) =>
  typeof rule === 'string' || 'follow' in rule ? [] : [{ path, ...rule }],
);
const toFollow = Object.entries(rules).flatMap(([path, rule]) =>
  typeof rule === 'object' && 'follow' in rule ? [{ path, ...rule }] : [],
);

describe.each(toFollow)('$path', ({ takes, follow: document }) => {
  test.each(transports)(`is refused over %s to a person without ${takes}`, async (transport) => {
    const token = await world.everythingBut(takes);
    const following = follow(app, transport, written(document), {}, token);
    const [error] = await following.errors();
    await following.stop();
    expect(['FORBIDDEN', 'NOT_FOUND']).toContain(error?.extensions.code);
  });
});

describe.each(tried)('$path', ({ takes, without, ask }) => {
  const isThere = ({ data, errors }: { data?: unknown; errors?: unknown }) => {
    const shown = JSON.stringify(data ?? {});
    return (
      errors === undefined && /"(id|minInterval|hasRegistrationKey|numComputers)":|"field":\["tag/.test(shown)
    );
  };

  test(`is ${without} for a person without ${takes}`, async () => {
    const token = await world.everythingBut(takes);
    const answer = await app.graphql(written(ask), {}, token);
    if (without === 'FORBIDDEN') {
      expect(outcomeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0].message).toContain(takes);
    } else {
      expect(isThere(answer)).toBe(false);
      expect(['done', 'NOT_FOUND']).toContain(outcomeOf(answer));
      if (ask.includes('totalCount')) expect(JSON.stringify(answer.data)).toContain('"totalCount":0');
    }
  });

  if (!ask.startsWith('mutation')) {
    test('is present for a person with all permissions', async () => {
      expect(isThere(await app.graphql(written(ask), {}, world.admin))).toBe(true);
    });
  }
});

test('data that is visible with its row is present for a person without further permissions', async () => {
  const token = await world.person({ permissions: ['ViewScriptProfile'], groups: [world.account.root] });
  const document = `{
    scriptProfile(id: "$profile") {
      accessGroup { name parent { name } } createdBy { name } lastActivity { id }
      slots { nodes { status activity { id } } }
      activities { nodes { creator { name } scriptProfile { id } children { nodes { parent { id } } } } }
    }
  }`;
  const { data, errors } = await app.graphql(written(document), {}, token);
  expect(errors).toBeUndefined();
  expect(data.scriptProfile).toMatchObject({
    accessGroup: { name: 'web', parent: { name: 'global' } },
    createdBy: { name: 'Jane Doe' },
    lastActivity: { id: expect.any(String) },
    slots: { nodes: [{ status: 'SKIPPED' }] },
    activities: {
      nodes: [
        {
          creator: { name: 'Jane Doe' },
          scriptProfile: { id: expect.any(String) },
          children: { nodes: [{ parent: { id: expect.any(String) } }] },
        },
      ],
    },
  });
});

/** The object that a path is about. */
const ownerOf = (path: string) =>
  path.startsWith('/scripts')
    ? things.script
    : path.startsWith('/computers')
      ? things.computer
      : path.startsWith('/activities')
        ? things.run
        : /^\/(administrators|invitations)/.test(path)
          ? person
          : things.profile;

const byRule = Object.entries(restRules);

describe.each(
  byRule.flatMap(([route, rule]) => (typeof rule === 'string' ? [] : [[route, ...rule] as const])),
)('%s', (route, takes, status) => {
  test(`returns ${status} to a person without ${takes}`, async () => {
    const token = await world.everythingBut(takes);
    const [method, path] = route.split(' ') as [string, string];
    const body = {
      title: 'new',
      script_id: things.script,
      username: 'root',
      time_limit: 1,
      trigger: { trigger_type: 'event', event_type: 'post_enrollment' },
      activity_ids: [things.run],
    };
    const written = path
      .replace('{id}', String(ownerOf(path)))
      .replace(/\{\w+\}/, '1')
      .replace(/diff$/, `diff?tags=new&instance_ids=${things.computer}`);
    const answer = await app.rest(
      method,
      written,
      method === 'GET' ? undefined : method === 'POST' ? body : { time_limit: 7 },
      { authorization: `Bearer ${token}` },
    );
    expect({ status: answer.status, error: answer.body.error }).toEqual({
      status,
      error: status === 403 ? 'Forbidden' : 'NotFound',
    });
    if (status === 403) expect(answer.body.message).toContain(takes);
  });
});

test('data for every person is present without a role, and public data without a token', async () => {
  const nobodyMuch = { authorization: `Bearer ${await world.person()}` };
  for (const [route, rule] of byRule) {
    if (typeof rule !== 'string' || rule === 'of its own') continue;
    const [method, path] = route.split(' ') as [string, string];
    expect([path, (await app.rest(method, path, undefined, nobodyMuch)).status]).toEqual([path, 200]);
    const { status } = await app.rest(method, path, undefined, { authorization: '' });
    expect([path, status]).toEqual([path, rule === 'public' ? 200 : 401]);
  }
});

test('every legacy action has a rule, and every rule belongs to an action', () => {
  expect(legacyActions.map(({ name }) => name).sort()).toEqual(Object.keys(actionRules).sort());
});

test.each(Object.entries(actionRules))(
  '%s is refused to a person without the required permission',
  async (action, rule) => {
    const [takes, parameters] = rule === 'for every person' ? ['ManageAccount', ''] : rule;
    const token = await world.everythingBut(takes);
    const answer = await fetch(`${app.url}/api/?action=${action}&version=2011-08-01&${written(parameters)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { message } = (await answer.json()) as { message?: string };
    expect(answer.status).toBe(rule === 'for every person' ? 200 : 403);
    if (rule !== 'for every person') expect(message).toContain(takes);
  },
);

test('REST lists only the visible computers of a profile, while the profile counts all of them', async () => {
  const token = await world.everythingBut('ViewComputer');
  const as = { authorization: `Bearer ${token}` };
  const { body } = await app.rest('GET', `/script-profiles/${things.profile}/computers`, undefined, as);
  expect({ count: body.count, results: body.results }).toEqual({ count: 0, results: [] });
  const recurring = await app.rest('GET', `/script-profiles/${things.profile}`, undefined, as);
  expect(recurring.body.computers.num_associated_computers).toBe(1);
});
