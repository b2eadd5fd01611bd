-- CreateTable
CREATE TABLE "log_in_network" (
    "subject" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "log_in_network_pkey" PRIMARY KEY ("subject")
);

-- CreateIndex
CREATE INDEX "log_in_network_last_at_idx" ON "log_in_network"("last_at");
