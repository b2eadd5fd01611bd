-- DropForeignKey
ALTER TABLE "activity" DROP CONSTRAINT "activity_account_id_creator_id_fkey";

-- DropForeignKey
ALTER TABLE "script" DROP CONSTRAINT "script_account_id_created_by_id_fkey";

-- DropForeignKey
ALTER TABLE "script" DROP CONSTRAINT "script_account_id_last_edited_by_id_fkey";

-- DropForeignKey
ALTER TABLE "script_profile" DROP CONSTRAINT "script_profile_account_id_created_by_id_fkey";

-- DropForeignKey
ALTER TABLE "script_version" DROP CONSTRAINT "script_version_account_id_created_by_id_fkey";

-- AlterTable
ALTER TABLE "activity" ADD COLUMN     "time_limit" INTEGER,
ADD COLUMN     "username" TEXT;

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "account_managed" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "password_link" (
    "account_id" BIGINT NOT NULL,
    "person_id" BIGINT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "password_link_pkey" PRIMARY KEY ("account_id","person_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "password_link_account_id_token_hash_key" ON "password_link"("account_id", "token_hash");

-- AddForeignKey
ALTER TABLE "password_link" ADD CONSTRAINT "password_link_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
