-- AlterTable
ALTER TABLE "activity" ADD COLUMN     "num_canceled" INTEGER,
ADD COLUMN     "num_delivered" INTEGER,
ADD COLUMN     "num_failed" INTEGER,
ADD COLUMN     "num_succeeded" INTEGER,
ADD COLUMN     "num_undelivered" INTEGER,
ADD COLUMN     "overdue_at" TIMESTAMPTZ(6),
ADD COLUMN     "reported_at" TIMESTAMPTZ(6),
ADD COLUMN     "script_version" INTEGER;

-- AlterTable
ALTER TABLE "script_profile" ADD COLUMN     "slots_from" TIMESTAMPTZ(6);

-- CreateIndex
CREATE INDEX "activity_overdue_at_idx" ON "activity"("overdue_at");

-- CreateIndex
CREATE INDEX "run_account_id_created_at_idx" ON "run"("account_id", "created_at");

-- By hand from here on.

-- Runs that were there before count their executions once; from now on the counters follow them.
UPDATE "activity" AS run SET
  "num_undelivered" = counted.undelivered, "num_delivered" = counted.delivered,
  "num_canceled" = counted.canceled, "num_failed" = counted.failed, "num_succeeded" = counted.succeeded
FROM (
  SELECT parent."account_id", parent."id",
    count(child."id") FILTER (WHERE child."status" IN ('undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved')) AS undelivered,
    count(child."id") FILTER (WHERE child."status" = 'delivered') AS delivered,
    count(child."id") FILTER (WHERE child."status" = 'canceled') AS canceled,
    count(child."id") FILTER (WHERE child."status" = 'failed') AS failed,
    count(child."id") FILTER (WHERE child."status" = 'succeeded') AS succeeded
  FROM "activity" AS parent
  LEFT JOIN "activity" AS child ON child."account_id" = parent."account_id" AND child."parent_id" = parent."id"
  WHERE parent."parent_id" IS NULL
  GROUP BY parent."account_id", parent."id"
) AS counted
WHERE run."account_id" = counted."account_id" AND run."id" = counted."id";

-- A run counts its executions, and an execution counts nothing.
ALTER TABLE "activity" ADD CONSTRAINT "activity_counters_check"
  CHECK (("parent_id" IS NULL) = (num_nulls("num_undelivered", "num_delivered", "num_canceled", "num_failed", "num_succeeded") = 0)
    AND num_nulls("num_undelivered", "num_delivered", "num_canceled", "num_failed", "num_succeeded") IN (0, 5));
ALTER TABLE "activity" ADD CONSTRAINT "activity_counters_not_negative_check"
  CHECK (least("num_undelivered", "num_delivered", "num_canceled", "num_failed", "num_succeeded") >= 0);
-- Only what is delivered can be overdue.
ALTER TABLE "activity" ADD CONSTRAINT "activity_overdue_check"
  CHECK ("overdue_at" IS NULL OR "status" = 'delivered');
