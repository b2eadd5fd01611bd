-- By hand: Prisma's schema knows no partial index.

-- The first failures of a run, without reading its thousands of executions that went well.
CREATE INDEX "activity_failures_idx" ON "activity"("account_id", "parent_id", "id") WHERE "status" = 'failed';
