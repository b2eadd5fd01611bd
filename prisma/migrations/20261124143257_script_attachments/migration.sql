-- CreateTable
CREATE TABLE "script_attachment" (
    "account_id" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "script_id" BIGINT NOT NULL,
    "filename" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "script_attachment_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "script_attachment_account_id_script_id_filename_key" ON "script_attachment"("account_id", "script_id", "filename");

-- AddForeignKey
ALTER TABLE "script_attachment" ADD CONSTRAINT "script_attachment_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
