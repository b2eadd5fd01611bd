-- AlterTable
ALTER TABLE "agent" ADD COLUMN     "last_ping_at" TIMESTAMPTZ(6);
