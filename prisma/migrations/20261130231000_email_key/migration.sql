-- AlterTable
ALTER TABLE "person" ADD COLUMN     "email_key" TEXT NOT NULL DEFAULT '';

-- By hand, as are the function and the trigger below.

-- One spelling for each address. Only ASCII letters are folded, so that no collation of the server matters.
CREATE FUNCTION folded_email(email TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT translate(btrim(email, E' \t\r\n'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
$$;

-- Persons of an account whose addresses differ in case alone are all kept. One is found by any spelling: the one in
-- lower case, or else the oldest. The others are found by exactly their own. The server's log and the doctor name them.
UPDATE "person" SET "email_key" = CASE WHEN ranked.place = 1 THEN folded_email(ranked.email) ELSE ranked.email END
FROM (
  SELECT account_id, id, email, row_number() OVER (
    PARTITION BY account_id, folded_email(email) ORDER BY email <> folded_email(email), id) AS place
  FROM "person") AS ranked
WHERE ranked.account_id = "person".account_id AND ranked.id = "person".id;

-- A replica of the previous release does not name the column.
CREATE FUNCTION person_has_email_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.email_key = '' THEN
    NEW.email_key := folded_email(NEW.email);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER person_email_key BEFORE INSERT ON "person"
  FOR EACH ROW EXECUTE FUNCTION person_has_email_key();

-- CreateIndex
CREATE INDEX "person_email_key_idx" ON "person"("email_key");

-- CreateIndex
CREATE UNIQUE INDEX "person_account_id_email_key_key" ON "person"("account_id", "email_key");
