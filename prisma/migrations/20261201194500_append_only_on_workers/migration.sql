-- By hand. Citus puts no trigger for TRUNCATE on its workers, not even for the other events that the trigger names.
DROP TRIGGER event_append_only ON "event";
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON "event"
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();
CREATE TRIGGER event_append_only_truncate BEFORE TRUNCATE ON "event"
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();
