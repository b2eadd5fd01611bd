-- AlterTable
ALTER TABLE "agent" ADD COLUMN     "in_doubt_until" BIGINT;

-- By hand from here on.

-- Called after a backup is restored, before the gateway starts. The part that was lost delivered scripts that are unknown
-- here. The executions of the backup may be among them, and new ones must not get the numbers of the others. A client whose
-- computer was lost must not ping with the number of a new one.
CREATE FUNCTION mark_restored() RETURNS void LANGUAGE sql AS $$
  UPDATE agent SET in_doubt_until = (SELECT last_value FROM activity_id_seq);
  SELECT setval('activity_id_seq', (SELECT last_value + 1000000 FROM activity_id_seq));
  SELECT setval('computer_id_seq', (SELECT last_value + 1000000 FROM computer_id_seq));
$$;
