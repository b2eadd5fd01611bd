-- AlterTable
ALTER TABLE "activity" ADD COLUMN     "deliver_by" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "script_profile" ADD COLUMN     "deliver_within" INTEGER;

-- By hand from here on.

ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_deliver_within_check"
  CHECK ("deliver_within" BETWEEN 60 AND 31536000);

-- An execution has the time of its run.
ALTER TABLE "activity" ADD CONSTRAINT "activity_deliver_by_check" CHECK ("deliver_by" IS NULL OR "parent_id" IS NULL);

-- What the clock looks for: few runs have such a time, and each until its computers have taken it.
CREATE INDEX "activity_deliver_by_idx" ON "activity"("deliver_by") WHERE "deliver_by" IS NOT NULL;
