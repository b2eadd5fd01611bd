-- DropIndex
DROP INDEX "computer_token_hash_key";

-- CreateIndex
CREATE UNIQUE INDEX "computer_account_id_token_hash_key" ON "computer"("account_id", "token_hash");
