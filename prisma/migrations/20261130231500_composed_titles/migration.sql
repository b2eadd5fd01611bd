-- Titles are composed (NFC) from this release on, so that two spellings of the same letters are one title for uniqueness
-- and search. Rows from before are composed here. Where an account has both spellings, both rows stay: the one that is
-- composed, or else the older one, has the composed title, and the other keeps its own until someone renames it.

UPDATE "script" s SET "title" = normalize(s."title", NFC)
WHERE s."title" IS NOT NFC NORMALIZED AND NOT EXISTS (
  SELECT FROM "script" o
  WHERE o."account_id" = s."account_id" AND o."id" <> s."id" AND normalize(o."title", NFC) = normalize(s."title", NFC)
    AND (o."title" IS NFC NORMALIZED OR o."id" < s."id"));

UPDATE "script_profile" p SET "title" = normalize(p."title", NFC)
WHERE p."title" IS NOT NFC NORMALIZED AND NOT EXISTS (
  SELECT FROM "script_profile" o
  WHERE o."account_id" = p."account_id" AND o."id" <> p."id" AND normalize(o."title", NFC) = normalize(p."title", NFC)
    AND (o."title" IS NFC NORMALIZED OR o."id" < p."id"));

UPDATE "role" r SET "name" = normalize(r."name", NFC)
WHERE r."name" IS NOT NFC NORMALIZED AND NOT EXISTS (
  SELECT FROM "role" o
  WHERE o."account_id" = r."account_id" AND o."id" <> r."id" AND normalize(o."name", NFC) = normalize(r."name", NFC)
    AND (o."name" IS NFC NORMALIZED OR o."id" < r."id"));

-- Unique nowhere.
UPDATE "computer" SET "title" = normalize("title", NFC) WHERE "title" IS NOT NFC NORMALIZED;
UPDATE "account" SET "title" = normalize("title", NFC) WHERE "title" IS NOT NFC NORMALIZED;
