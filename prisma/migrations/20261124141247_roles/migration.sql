-- CreateTable
CREATE TABLE "role" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "is_global_admin" BOOLEAN NOT NULL DEFAULT false,
    "permissions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "account_permissions" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "role_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "role_access_group" (
    "account_id" BIGINT NOT NULL,
    "role_id" BIGINT NOT NULL,
    "access_group_id" BIGINT NOT NULL,

    CONSTRAINT "role_access_group_pkey" PRIMARY KEY ("account_id","role_id","access_group_id")
);

-- CreateTable
CREATE TABLE "role_person" (
    "account_id" BIGINT NOT NULL,
    "role_id" BIGINT NOT NULL,
    "person_id" BIGINT NOT NULL,

    CONSTRAINT "role_person_pkey" PRIMARY KEY ("account_id","role_id","person_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "role_account_id_name_key" ON "role"("account_id", "name");

-- CreateIndex
CREATE INDEX "role_access_group_account_id_access_group_id_idx" ON "role_access_group"("account_id", "access_group_id");

-- CreateIndex
CREATE INDEX "role_person_account_id_person_id_idx" ON "role_person"("account_id", "person_id");

-- CreateIndex
CREATE INDEX "script_account_id_access_group_id_created_at_id_idx" ON "script"("account_id", "access_group_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "script_profile_account_id_access_group_id_created_at_id_idx" ON "script_profile"("account_id", "access_group_id", "created_at", "id");

-- AddForeignKey
ALTER TABLE "role" ADD CONSTRAINT "role_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_access_group" ADD CONSTRAINT "role_access_group_account_id_role_id_fkey" FOREIGN KEY ("account_id", "role_id") REFERENCES "role"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_access_group" ADD CONSTRAINT "role_access_group_account_id_access_group_id_fkey" FOREIGN KEY ("account_id", "access_group_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_person" ADD CONSTRAINT "role_person_account_id_role_id_fkey" FOREIGN KEY ("account_id", "role_id") REFERENCES "role"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_person" ADD CONSTRAINT "role_person_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on.

ALTER TABLE "role" ADD CONSTRAINT "role_name_check"
  CHECK ("name" <> '');
ALTER TABLE "role" ADD CONSTRAINT "role_permissions_check"
  CHECK ("permissions" <@ ARRAY['ViewScript', 'ManageScript', 'RedactScript', 'ViewScriptProfile',
                                'ManageScriptProfile', 'ViewComputer', 'ManageComputer', 'ManagePendingComputer']);
ALTER TABLE "role" ADD CONSTRAINT "role_account_permissions_check"
  CHECK ("account_permissions" <@ ARRAY['ManageAccount', 'ViewRole', 'ManageRole', 'ViewEventLog']);
-- What GlobalAdmin may do is no row's to say: everything, also what later releases add. Its name is taken once
-- in an account, so there is one.
ALTER TABLE "role" ADD CONSTRAINT "role_global_admin_check"
  CHECK (NOT "is_global_admin" OR ("name" = 'GlobalAdmin' AND "permissions" = '{}' AND "account_permissions" = '{}'));

-- Until now every member of an account could do everything in it. Nobody is locked out by the upgrade.
INSERT INTO "role" ("account_id", "name", "description", "is_global_admin")
SELECT "id", 'GlobalAdmin', 'All permissions in the whole account.', true FROM "account";
INSERT INTO "role_person" ("account_id", "role_id", "person_id")
SELECT "role"."account_id", "role"."id", "person"."id"
FROM "role" JOIN "person" ON "person"."account_id" = "role"."account_id";
