/**
 * Every operation of the graph, once. test/every-operation.test.ts fails if one is missing. Suites that check every
 * operation use the same table.
 */

/** Replaces names in a document or a path: `$script` becomes the id of the script. */
export const written = (text: string, names: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\$([a-z]+)/g, (whole, name) => String(names[name] ?? whole));

const page = 'totalCount nodes { id } edges { cursor } pageInfo { endCursor hasNextPage }';
const people = 'id name email';
const activity = `id scriptVersion { number code } username timeLimit status creator { ${people} } computer { id } counts { failed } duration
  failures { id } parent { id } children { ${page} } scriptProfile { id }`;
const profile = `id title numAssociatedComputers version accessGroup { name } createdBy { ${people} } script { id }
  computers(first: 5, orderBy: { field: TITLE, direction: ASC }) { ${page} }
  activities(first: 5) { totalCount nodes { ${activity} } } lastActivity { ${activity} }
  slots { totalCount nodes { status activity { id } } } upcomingRuns { at }
  runStatistics { days { startsAt } } viewerPermissions { canRun { allowed } }`;
const event = 'trigger: { event: { eventType: POST_ENROLLMENT } }';
const recurring = (startAfter = '2025-01-01T00:00:00Z') =>
  `trigger: { recurring: { interval: "0 8 * * *", startAfter: "${startAfter}" } }`;
const draft = `scriptId: "$script", username: "root", timeLimit: 60`;
const mutation = (name: string, input: string, answer = ''): [string, string] => [
  `Mutation.${name}`,
  `mutation { done: ${name}(input: { ${input} }) { ${answer} userErrors { code field message } } }`,
];

/**
 * The operations of an administrator: the name of each field, and a document with `$names`. They are in an order in
 * which each finds the objects that it needs.
 */
export const operations: readonly (readonly [name: string, document: string])[] = [
  [
    'Query.viewer',
    '{ viewer { roles accountPermissions permissions { permission accessGroups { name } } person { id } } }',
  ],
  [
    'Query.accessGroups',
    '{ accessGroups { id name parent { name } children { name } numComputers numScripts numScriptProfiles } }',
  ],
  ['Query.limits', '{ limits { minInterval used { profiles computers } } }'],
  ['Query.preferences', '{ preferences { hasRegistrationKey } }'],
  ['Query.tags', '{ tags }'],
  ['Query.tagCounts', '{ tagCounts { tag numComputers } }'],
  ['Query.roles', `{ roles { id accessGroups { id } persons { ${people} } } }`],
  [
    'Query.persons',
    `{ persons(filter: { search: "o", isInvited: false }) { ${page} nodes { version createdAt timeZone hasPassword passwordLinkExpiresAt roles { id } } } }`,
  ],
  [
    'Query.scripts',
    `{ scripts(filter: { statuses: [ACTIVE, ARCHIVED], search: "s" }) { ${page} nodes { createdBy { id } accessGroup { id } } } }`,
  ],
  [
    'Query.script',
    `{ script(id: "$script") { id code versions { totalCount nodes { number createdBy { id } } } profiles { ${page} } attachments { content } } }`,
  ],
  ['Query.server', '{ server { version hasAccount } }'],
  [
    'Query.scriptProfiles',
    `{ scriptProfiles(first: 5, filter: { status: ALL, tags: ["tag"], accessGroups: ["global"] }) { ${page} nodes { ${profile} } } }`,
  ],
  ['Query.scriptProfile', `{ scriptProfile(id: "$profile") { ${profile} } }`],
  [
    'Query.computers',
    `{ computers(filter: { tags: ["tag-web"] }) { ${page} nodes { tags accessGroup { id } } } }`,
  ],
  [
    'Query.computer',
    '{ computer(id: "$computer") { id activities { totalCount nodes { id } } lastExecution { id } events { nodes { id } } targetedBy { scriptProfile { id } } upcomingRuns { at } } }',
  ],
  [
    'Query.accountStatistics',
    `{ accountStatistics(lastDays: 7, timeZone: "Europe/Berlin") { total { runs } days { startsAt successRate }
      worstScriptProfiles { scriptProfile { id } } worstComputers { computer { id } successRate }
      runsInProgress { ${page} } unseenComputers { ${page} } } }`,
  ],
  ['Query.activities', `{ activities { ${page} nodes { ${activity} } } }`],
  ['Query.activity', `{ activity(id: "$execution") { ${activity} } }`],
  ['Query.events', `{ events(filter: { lastDays: 9, search: "o" }) { ${page} nodes { person { id } } } }`],
  ['Query.node', '{ node(id: "$role") { id } }'],
  ['Query.nodes', '{ nodes(ids: ["$role", "$person"]) { id } }'],
  [
    'Query.upcomingRuns',
    '{ upcomingRuns { runs { at scriptProfile { id } } conflicts { scriptProfile { id } } } }',
  ],
  [
    'Query.scriptProfilePreview',
    `{ scriptProfilePreview(input: { create: { title: "preview", ${draft}, allComputers: true, ${recurring()} } }) { matched { ${page} } joining { ${page} } } }`,
  ],
  [
    'Query.tagChangePreview',
    '{ tagChangePreview(input: { computerIds: ["$computer"], add: ["tag"] }) { effects { scriptProfile { id } gained { id } } } }',
  ],
  mutation('updateLimits', 'minInterval: 5, maxNumProfiles: 100'),
  mutation('updatePreferences', 'registrationKey: "open sesame", autoRegisterNewComputers: true'),
  mutation('createAccessGroup', 'title: "New"'),
  mutation('updateAccessGroup', 'id: "$group", title: "Renamed", parent: "global"', 'accessGroup { id }'),
  mutation('deleteAccessGroup', 'id: "$group"', 'deletedId'),
  mutation(
    'createScript',
    'title: "new", code: "true", interpreter: "/bin/sh", accessGroup: "web", idempotencyKey: "k"',
  ),
  mutation('addScriptAttachment', 'scriptId: "$script", filename: "b", content: "YQ=="'),
  mutation('removeScriptAttachment', 'scriptId: "$script", filename: "b"'),
  mutation('updateScript', 'id: "$script", title: "renamed", code: "false"'),
  mutation(
    'createScriptProfile',
    `title: "scheduled", ${draft}, tags: ["tag-web"], ${recurring()}, idempotencyKey: "k"`,
    'scriptProfile { id }',
  ),
  mutation('duplicateScriptProfile', `id: "$profile", title: "another", ${event}`),
  mutation('updateScriptProfile', 'id: "$profile", timeLimit: 7, allComputers: true'),
  mutation('runScriptProfile', 'id: "$profile", idempotencyKey: "key"'),
  mutation(
    'runScript',
    'scriptId: "$script", query: "tag:tag-web", username: "root", deliverAfter: "2100-01-01T00:00:00Z", idempotencyKey: "k"',
    'activity { id }',
  ),
  mutation('pauseScriptProfile', 'id: "$profile", note: "for now"'),
  mutation('resumeScriptProfile', 'id: "$profile"'),
  mutation('rerunFailedExecutions', 'activityId: "$failed", idempotencyKey: "again"', 'activity { id }'),
  mutation('pauseScriptProfiles', 'ids: ["$profile"]', 'results { profileId scriptProfile { id } }'),
  mutation('resumeScriptProfiles', 'ids: ["$profile"]', 'results { userErrors { code } }'),
  mutation('runScriptProfiles', 'ids: ["$profile"], idempotencyKey: "k"', 'results { activity { id } }'),
  mutation('createSavedSearch', 'title: "Web", search: "tag:web", idempotencyKey: "k"', 'savedSearch { id }'),
  ['Query.savedSearches', '{ savedSearches { id name title search } }'],
  mutation('updateSavedSearch', 'name: "web", title: "Webs"', 'savedSearch { id }'),
  mutation('deleteSavedSearch', 'name: "web"', 'deletedId'),
  mutation('enrolComputer', 'hostname: "web-1", accessGroup: "web", idempotencyKey: "k"'),
  mutation('acceptComputers', 'ids: ["$pending"], tags: ["tag"]'),
  mutation('retagComputers', 'ids: ["$computer"], add: ["tag"]'),
  mutation('regroupComputers', 'ids: ["$computer"], accessGroup: "global"'),
  mutation('updateComputer', 'id: "$computer", comment: "a note"', 'computer { id }'),
  mutation('createRole', 'name: "new", permissions: [VIEW_SCRIPT], accessGroups: ["web"]'),
  mutation('updateRole', 'id: "$spare", description: "nothing"'),
  mutation(
    'amendRole',
    'id: "$spare", addPermissions: [VIEW_SCRIPT], addAccessGroups: ["web"]',
    'role { id }',
  ),
  mutation('copyRole', 'id: "$spare", name: "copied"', 'role { id }'),
  mutation('deleteRole', 'id: "$spare"'),
  mutation(
    'createPerson',
    'name: "New", email: "new@example.com", roles: ["GlobalAdmin"], idempotencyKey: "k"',
    'person { roles { id } } passwordLink { url token expiresAt }',
  ),
  mutation('updatePerson', 'id: "$colleague", name: "Renamed", email: "other@example.com"', 'person { id }'),
  mutation('resetPassword', 'id: "$colleague"', 'person { id } passwordLink { url }'),
  mutation('renewInvitation', 'id: "$colleague"', 'person { id } passwordLink { url }'),
  mutation('revokeInvitation', 'id: "$invited"', 'removedId'),
  mutation('removePerson', 'id: "$colleague"', 'removedId'),
  mutation('reapplyActivities', 'ids: ["$failed"], idempotencyKey: "k"', 'activities { id }'),
  mutation('approveActivities', 'query: "status:unapproved"', 'activities { id }'),
  mutation('cancelActivity', 'id: "$run"'),
  mutation('cancelActivities', 'query: "status:undelivered"'),
  mutation('rejectComputers', 'ids: ["$rejected"]'),
  mutation('archiveScriptProfile', 'id: "$profile"'),
  mutation('archiveScriptProfiles', 'ids: ["$profile"]', 'results { scriptProfile { state } }'),
  mutation('archiveScript', 'id: "$script"'),
  mutation('redactScript', 'id: "$script"'),
  mutation('removeComputer', 'id: "$computer"'),
  mutation('removeComputers', 'query: "tag:none"', 'removedIds computers { id }'),
];

/** The subscriptions of an administrator. */
export const followed: Readonly<Record<string, string>> = {
  scriptProfileChanged: 'scriptProfileChanged { scriptProfile { id title } }',
  runProgress: 'runProgress(activityId: "$run") { activity { id } }',
  activityFeed: 'activityFeed(filter: { statuses: [FAILED] }) { activities { id } }',
  computerChanged: 'computerChanged { changes removedId computer { id } }',
  scriptChanged: 'scriptChanged(id: "$script") { changes script { id } }',
  eventAdded:
    'eventAdded(filter: { actions: [SCRIPT_EDITED] }) { isSnapshot events { id changes { field } } }',
};
