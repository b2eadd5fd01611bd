-- AlterTable
ALTER TABLE "person" ADD COLUMN "time_zone" TEXT NOT NULL DEFAULT 'UTC';
