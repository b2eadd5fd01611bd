-- CreateTable
CREATE TABLE "account" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "auto_register_new_computers" BOOLEAN NOT NULL DEFAULT false,
    "registration_key_hash" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "script_profile_limits" (
    "account_id" BIGINT NOT NULL,
    "max_num_computers" INTEGER NOT NULL DEFAULT 5000,
    "max_num_profiles" INTEGER NOT NULL DEFAULT 10,
    "min_interval" INTEGER NOT NULL DEFAULT 360,

    CONSTRAINT "script_profile_limits_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "person" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "access_group" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "parent_id" BIGINT,

    CONSTRAINT "access_group_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "access_group_reach" (
    "account_id" BIGINT NOT NULL,
    "above_id" BIGINT NOT NULL,
    "below_id" BIGINT NOT NULL,

    CONSTRAINT "access_group_reach_pkey" PRIMARY KEY ("account_id","above_id","below_id")
);

-- CreateTable
CREATE TABLE "computer" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL,
    "access_group_id" BIGINT NOT NULL,
    "requested_tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "accepted_at" TIMESTAMPTZ(6),
    "token_hash" TEXT,

    CONSTRAINT "computer_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "computer_tag" (
    "account_id" BIGINT NOT NULL,
    "computer_id" BIGINT NOT NULL,
    "tag" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "computer_tag_pkey" PRIMARY KEY ("account_id","computer_id","tag")
);

-- CreateTable
CREATE TABLE "script" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "access_group_id" BIGINT NOT NULL,
    "version_number" INTEGER NOT NULL DEFAULT 1,
    "time_limit" INTEGER NOT NULL DEFAULT 300,
    "username" TEXT NOT NULL DEFAULT '',
    "created_by_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_edited_by_id" BIGINT,
    "last_edited_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "script_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "script_version" (
    "account_id" BIGINT NOT NULL,
    "script_id" BIGINT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "interpreter" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "created_by_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "script_version_pkey" PRIMARY KEY ("account_id","script_id","number")
);

-- CreateTable
CREATE TABLE "script_profile" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "script_id" BIGINT NOT NULL,
    "access_group_id" BIGINT NOT NULL,
    "created_by_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_edited_at" TIMESTAMPTZ(6) NOT NULL,
    "all_computers" BOOLEAN NOT NULL,
    "tags" TEXT[],
    "time_limit" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "archived" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "trigger_kind" TEXT NOT NULL,
    "event_type" TEXT,
    "timestamp" TIMESTAMPTZ(6),
    "is_finished" BOOLEAN,
    "interval" TEXT,
    "start_after" TIMESTAMPTZ(6),
    "arming" INTEGER NOT NULL DEFAULT 1,
    "next_run" TIMESTAMPTZ(6),
    "last_run" TIMESTAMPTZ(6),
    "spaced_from" TIMESTAMPTZ(6),
    "paused_at" TIMESTAMPTZ(6),
    "pause_note" TEXT,
    "overlap" TEXT NOT NULL DEFAULT 'ALLOW',

    CONSTRAINT "script_profile_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "run" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "script_profile_id" BIGINT NOT NULL,
    "occasion" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "activity_id" BIGINT,

    CONSTRAINT "run_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "slot_entry" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "script_profile_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "first_slot" TIMESTAMPTZ(6) NOT NULL,
    "last_slot" TIMESTAMPTZ(6) NOT NULL,
    "number" INTEGER NOT NULL,
    "run_id" BIGINT,

    CONSTRAINT "slot_entry_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "activity" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "parent_id" BIGINT,
    "type" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "creator_id" BIGINT,
    "creation_time" TIMESTAMPTZ(6) NOT NULL,
    "completion_time" TIMESTAMPTZ(6),
    "delivery_time" TIMESTAMPTZ(6),
    "deliver_delay_window" INTEGER NOT NULL DEFAULT 0,
    "result_text" TEXT,
    "result_code" INTEGER,
    "script_profile_id" BIGINT,
    "computer_id" BIGINT,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_name_key" ON "account"("name");

-- CreateIndex
CREATE UNIQUE INDEX "person_account_id_email_key" ON "person"("account_id", "email");

-- CreateIndex
CREATE INDEX "access_group_account_id_parent_id_idx" ON "access_group"("account_id", "parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_group_account_id_name_key" ON "access_group"("account_id", "name");

-- CreateIndex
CREATE INDEX "access_group_reach_account_id_below_id_idx" ON "access_group_reach"("account_id", "below_id");

-- CreateIndex
CREATE UNIQUE INDEX "computer_token_hash_key" ON "computer"("token_hash");

-- CreateIndex
CREATE INDEX "computer_account_id_access_group_id_status_idx" ON "computer"("account_id", "access_group_id", "status");

-- CreateIndex
CREATE INDEX "computer_account_id_created_at_id_idx" ON "computer"("account_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "computer_tag_account_id_tag_computer_id_idx" ON "computer_tag"("account_id", "tag", "computer_id");

-- CreateIndex
CREATE INDEX "script_account_id_created_at_id_idx" ON "script"("account_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "script_account_id_title_key" ON "script"("account_id", "title");

-- CreateIndex
CREATE INDEX "script_profile_account_id_created_at_id_idx" ON "script_profile"("account_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "script_profile_account_id_script_id_idx" ON "script_profile"("account_id", "script_id");

-- CreateIndex
CREATE INDEX "script_profile_next_run_idx" ON "script_profile"("next_run");

-- CreateIndex
CREATE UNIQUE INDEX "script_profile_account_id_title_key" ON "script_profile"("account_id", "title");

-- CreateIndex
CREATE UNIQUE INDEX "run_account_id_script_profile_id_occasion_key" ON "run"("account_id", "script_profile_id", "occasion");

-- CreateIndex
CREATE INDEX "slot_entry_account_id_script_profile_id_first_slot_idx" ON "slot_entry"("account_id", "script_profile_id", "first_slot");

-- CreateIndex
CREATE INDEX "activity_account_id_creation_time_id_idx" ON "activity"("account_id", "creation_time", "id");

-- CreateIndex
CREATE INDEX "activity_account_id_script_profile_id_creation_time_id_idx" ON "activity"("account_id", "script_profile_id", "creation_time", "id");

-- CreateIndex
CREATE INDEX "activity_account_id_parent_id_id_idx" ON "activity"("account_id", "parent_id", "id");

-- CreateIndex
CREATE INDEX "activity_account_id_computer_id_id_idx" ON "activity"("account_id", "computer_id", "id");

-- AddForeignKey
ALTER TABLE "script_profile_limits" ADD CONSTRAINT "script_profile_limits_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group" ADD CONSTRAINT "access_group_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group" ADD CONSTRAINT "access_group_account_id_parent_id_fkey" FOREIGN KEY ("account_id", "parent_id") REFERENCES "access_group"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_group_reach" ADD CONSTRAINT "access_group_reach_account_id_above_id_fkey" FOREIGN KEY ("account_id", "above_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group_reach" ADD CONSTRAINT "access_group_reach_account_id_below_id_fkey" FOREIGN KEY ("account_id", "below_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "computer" ADD CONSTRAINT "computer_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "computer" ADD CONSTRAINT "computer_account_id_access_group_id_fkey" FOREIGN KEY ("account_id", "access_group_id") REFERENCES "access_group"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "computer_tag" ADD CONSTRAINT "computer_tag_account_id_computer_id_fkey" FOREIGN KEY ("account_id", "computer_id") REFERENCES "computer"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_account_id_access_group_id_fkey" FOREIGN KEY ("account_id", "access_group_id") REFERENCES "access_group"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_account_id_created_by_id_fkey" FOREIGN KEY ("account_id", "created_by_id") REFERENCES "person"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_account_id_last_edited_by_id_fkey" FOREIGN KEY ("account_id", "last_edited_by_id") REFERENCES "person"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_account_id_created_by_id_fkey" FOREIGN KEY ("account_id", "created_by_id") REFERENCES "person"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_account_id_access_group_id_fkey" FOREIGN KEY ("account_id", "access_group_id") REFERENCES "access_group"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_account_id_created_by_id_fkey" FOREIGN KEY ("account_id", "created_by_id") REFERENCES "person"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_account_id_script_profile_id_fkey" FOREIGN KEY ("account_id", "script_profile_id") REFERENCES "script_profile"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slot_entry" ADD CONSTRAINT "slot_entry_account_id_script_profile_id_fkey" FOREIGN KEY ("account_id", "script_profile_id") REFERENCES "script_profile"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_creator_id_fkey" FOREIGN KEY ("account_id", "creator_id") REFERENCES "person"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_script_profile_id_fkey" FOREIGN KEY ("account_id", "script_profile_id") REFERENCES "script_profile"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_parent_id_fkey" FOREIGN KEY ("account_id", "parent_id") REFERENCES "activity"("account_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- By hand from here on: what Prisma's schema cannot say. The rules live in src/domain; these
-- constraints are the second line, for what a forgotten rule or a repair by hand would write.

-- A computer is pending until it is accepted; rejecting it removes it.
ALTER TABLE "computer" ADD CONSTRAINT "computer_status_check"
  CHECK ("status" IN ('pending', 'accepted'));
ALTER TABLE "computer" ADD CONSTRAINT "computer_title_check"
  CHECK ("title" <> '');

ALTER TABLE "script" ADD CONSTRAINT "script_status_check"
  CHECK ("status" IN ('ACTIVE', 'ARCHIVED', 'REDACTED'));
ALTER TABLE "script" ADD CONSTRAINT "script_title_check"
  CHECK ("title" <> '');
ALTER TABLE "script" ADD CONSTRAINT "script_version_number_check"
  CHECK ("version_number" >= 1);
ALTER TABLE "script" ADD CONSTRAINT "script_time_limit_check"
  CHECK ("time_limit" >= 1);
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_number_check"
  CHECK ("number" >= 1);

-- Zero is allowed: it forbids profiles, or reaching anyone, or switches the spacing off.
ALTER TABLE "script_profile_limits" ADD CONSTRAINT "script_profile_limits_max_num_computers_check"
  CHECK ("max_num_computers" >= 0);
ALTER TABLE "script_profile_limits" ADD CONSTRAINT "script_profile_limits_max_num_profiles_check"
  CHECK ("max_num_profiles" >= 0);
ALTER TABLE "script_profile_limits" ADD CONSTRAINT "script_profile_limits_min_interval_check"
  CHECK ("min_interval" >= 0);

ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_title_check"
  CHECK ("title" <> '');
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_time_limit_check"
  CHECK ("time_limit" >= 1);
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_version_check"
  CHECK ("version" >= 1);
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_arming_check"
  CHECK ("arming" >= 1);
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_overlap_check"
  CHECK ("overlap" IN ('ALLOW', 'SKIP'));

-- The trigger is a union: each kind has its own columns, and only those. An event has no time to fall
-- due at. IS NOT DISTINCT FROM, since a comparison with null would pass the check.
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_trigger_kind_check"
  CHECK ("trigger_kind" IN ('event', 'one_time', 'recurring'));
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_event_trigger_check"
  CHECK ("trigger_kind" <> 'event' OR (
    "event_type" IS NOT DISTINCT FROM 'post_enrollment'
    AND "timestamp" IS NULL AND "is_finished" IS NULL
    AND "interval" IS NULL AND "start_after" IS NULL
    AND "next_run" IS NULL));
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_one_time_trigger_check"
  CHECK ("trigger_kind" <> 'one_time' OR (
    "timestamp" IS NOT NULL AND "is_finished" IS NOT NULL
    AND "event_type" IS NULL
    AND "interval" IS NULL AND "start_after" IS NULL));
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_recurring_trigger_check"
  CHECK ("trigger_kind" <> 'recurring' OR (
    "interval" IS NOT NULL AND "start_after" IS NOT NULL
    AND "event_type" IS NULL
    AND "timestamp" IS NULL AND "is_finished" IS NULL));

-- The clock fires whatever has a next run, and asks no further: these three must never have one.
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_archived_has_no_next_run_check"
  CHECK (NOT "archived" OR "next_run" IS NULL);
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_paused_has_no_next_run_check"
  CHECK ("paused_at" IS NULL OR "next_run" IS NULL);
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_finished_has_no_next_run_check"
  CHECK ("is_finished" IS NOT TRUE OR "next_run" IS NULL);

ALTER TABLE "slot_entry" ADD CONSTRAINT "slot_entry_status_check"
  CHECK ("status" IN ('fired', 'coalesced', 'moved', 'skipped'));
ALTER TABLE "slot_entry" ADD CONSTRAINT "slot_entry_range_check"
  CHECK ("first_slot" <= "last_slot");
ALTER TABLE "slot_entry" ADD CONSTRAINT "slot_entry_number_check"
  CHECK ("number" >= 1);

ALTER TABLE "activity" ADD CONSTRAINT "activity_status_check"
  CHECK ("status" IN ('undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved',
                      'delivered', 'canceled', 'failed', 'succeeded'));
ALTER TABLE "activity" ADD CONSTRAINT "activity_type_check"
  CHECK ("type" IN ('ActivityGroup', 'ExecuteScriptRequest'));
-- A run's parent has no parent, and an execution always has one: the roll-up relies on both.
ALTER TABLE "activity" ADD CONSTRAINT "activity_family_check"
  CHECK (("type" = 'ActivityGroup') = ("parent_id" IS NULL));
