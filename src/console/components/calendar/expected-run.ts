import { graphql } from '../../app/graphql.ts';

export const EXPECTED_RUN = graphql(`
  fragment ExpectedRun on UpcomingRun {
    at
    expectedComputers
    conflicting
    scriptProfile { id databaseId title }
  }
`);
