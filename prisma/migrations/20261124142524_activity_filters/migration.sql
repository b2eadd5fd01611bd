-- DropIndex
DROP INDEX "activity_account_id_computer_id_id_idx";

-- CreateIndex
CREATE INDEX "activity_account_id_computer_id_creation_time_id_idx" ON "activity"("account_id", "computer_id", "creation_time", "id");

-- CreateIndex
CREATE INDEX "activity_account_id_status_creation_time_id_idx" ON "activity"("account_id", "status", "creation_time", "id");


-- By hand from here on: indexes of a part of the rows, which Prisma's schema cannot say.

-- The latest runs: of thousands of activities, one is a run.
CREATE INDEX "activity_runs_idx" ON "activity"("account_id", "creation_time", "id") WHERE "parent_id" IS NULL;
-- What ended within a time; an execution enters it once, at its end.
CREATE INDEX "activity_account_id_completion_time_idx" ON "activity"("account_id", "completion_time") WHERE "completion_time" IS NOT NULL;
