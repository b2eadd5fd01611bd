-- AlterTable
ALTER TABLE "account" ADD COLUMN     "tokens_valid_from" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "tokens_valid_from" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "access_key" (
    "account_id" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "person_id" BIGINT NOT NULL,
    "title" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "access_key_pkey" PRIMARY KEY ("account_id","key")
);

-- CreateTable
CREATE TABLE "revoked_token" (
    "account_id" BIGINT NOT NULL,
    "token_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "revoked_token_pkey" PRIMARY KEY ("account_id","token_id")
);

-- CreateTable
CREATE TABLE "log_in_attempts" (
    "subject" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "log_in_attempts_pkey" PRIMARY KEY ("subject")
);

-- CreateIndex
CREATE UNIQUE INDEX "access_key_key_key" ON "access_key"("key");

-- CreateIndex
CREATE INDEX "access_key_account_id_person_id_idx" ON "access_key"("account_id", "person_id");

-- CreateIndex
CREATE INDEX "revoked_token_account_id_expires_at_idx" ON "revoked_token"("account_id", "expires_at");

-- CreateIndex
CREATE INDEX "log_in_attempts_last_at_idx" ON "log_in_attempts"("last_at");

-- CreateIndex
CREATE INDEX "person_email_idx" ON "person"("email");

-- AddForeignKey
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revoked_token" ADD CONSTRAINT "revoked_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
