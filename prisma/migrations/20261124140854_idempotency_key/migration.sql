-- CreateTable
CREATE TABLE "idempotency_key" (
    "account_id" BIGINT NOT NULL,
    "holder" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "seed" TEXT NOT NULL,
    "result_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("account_id","holder","mutation","key_hash")
);

-- CreateIndex
CREATE INDEX "idempotency_key_account_id_created_at_idx" ON "idempotency_key"("account_id", "created_at");

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
