-- AlterTable
ALTER TABLE "role" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "script" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "script_profile_limits" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;
