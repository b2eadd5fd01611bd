-- CreateIndex
CREATE INDEX "event_account_id_entity_type_entity_id_created_at_id_idx" ON "event"("account_id", "entity_type", "entity_id", "created_at", "id");
