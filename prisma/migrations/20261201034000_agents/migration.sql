-- CreateTable
CREATE TABLE "agent" (
    "account_id" BIGINT NOT NULL,
    "computer_id" BIGINT NOT NULL,
    "machine_id" TEXT,
    "expected" BIGINT,
    "unconfirmed_from" BIGINT NOT NULL DEFAULT 0,
    "unconfirmed" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "sent" INTEGER NOT NULL DEFAULT 0,
    "asked_again" INTEGER NOT NULL DEFAULT 0,
    "told_status" TEXT,
    "runs_scripts" BOOLEAN NOT NULL DEFAULT false,
    "types_hash" TEXT,
    "exchange_token" TEXT,
    "last_seen_at" TIMESTAMPTZ(6),
    "version" TEXT,
    "distribution" JSON,
    "total_memory" INTEGER,
    "total_swap" INTEGER,
    "configured_tags" TEXT,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("account_id","computer_id")
);

-- CreateTable
CREATE TABLE "removed_agent" (
    "account_id" BIGINT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "computer_id" BIGINT NOT NULL,
    "removed_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "removed_agent_pkey" PRIMARY KEY ("account_id","token_hash")
);

-- CreateIndex
CREATE INDEX "agent_account_id_machine_id_idx" ON "agent"("account_id", "machine_id");

-- CreateIndex
CREATE INDEX "removed_agent_account_id_computer_id_idx" ON "removed_agent"("account_id", "computer_id");

-- CreateIndex
CREATE INDEX "removed_agent_account_id_removed_at_idx" ON "removed_agent"("account_id", "removed_at");

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_account_id_computer_id_fkey" FOREIGN KEY ("account_id", "computer_id") REFERENCES "computer"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "removed_agent" ADD CONSTRAINT "removed_agent_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on.

ALTER TABLE "agent" ADD CONSTRAINT "agent_told_status_check"
  CHECK ("told_status" IN ('pending', 'accepted'));

-- Each exchange asks what is open at one computer: its history must not be read for that.
CREATE INDEX "activity_open_idx" ON "activity"("account_id", "computer_id", "id")
  WHERE "status" IN ('undelivered', 'scheduled', 'waiting', 'blocked', 'unapproved', 'delivered') AND "parent_id" IS NOT NULL;

-- Each exchange updates its row: room on the page keeps the update out of the indexes.
ALTER TABLE "agent" SET (fillfactor = 50);
