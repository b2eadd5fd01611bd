-- AlterTable
ALTER TABLE "run" ALTER COLUMN "script_profile_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "activity" ADD COLUMN     "deliver_after" TIMESTAMPTZ(6),
ADD COLUMN     "release_at" TIMESTAMPTZ(6),
ADD COLUMN     "script_id" BIGINT;

-- CreateIndex
CREATE INDEX "activity_release_at_idx" ON "activity"("release_at");

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- By hand from here on.

-- A run has a profile or a script of its own, and an execution runs what its run has.
ALTER TABLE "activity" ADD CONSTRAINT "activity_script_check"
  CHECK ("parent_id" IS NOT NULL AND "script_id" IS NULL
    OR "script_id" IS NULL AND "username" IS NULL AND "time_limit" IS NULL
    OR "script_id" IS NOT NULL AND "username" IS NOT NULL AND "time_limit" >= 1
      AND "script_profile_id" IS NULL AND "parent_id" IS NULL);
-- A run releases all of its scheduled executions at once.
ALTER TABLE "activity" ADD CONSTRAINT "activity_release_check"
  CHECK ("release_at" IS NULL OR "parent_id" IS NULL);

-- Archiving a script cancels its runs: the few that are by hand are found without reading the others.
CREATE INDEX "activity_script_idx" ON "activity"("account_id", "script_id") WHERE "script_id" IS NOT NULL;
