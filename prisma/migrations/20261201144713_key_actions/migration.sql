-- DropForeignKey
ALTER TABLE "access_group" DROP CONSTRAINT "access_group_account_id_fkey";

-- DropForeignKey
ALTER TABLE "access_group_reach" DROP CONSTRAINT "access_group_reach_account_id_above_id_fkey";

-- DropForeignKey
ALTER TABLE "access_group_reach" DROP CONSTRAINT "access_group_reach_account_id_below_id_fkey";

-- DropForeignKey
ALTER TABLE "access_key" DROP CONSTRAINT "access_key_account_id_person_id_fkey";

-- DropForeignKey
ALTER TABLE "activity" DROP CONSTRAINT "activity_account_id_fkey";

-- DropForeignKey
ALTER TABLE "agent" DROP CONSTRAINT "agent_account_id_computer_id_fkey";

-- DropForeignKey
ALTER TABLE "computer" DROP CONSTRAINT "computer_account_id_fkey";

-- DropForeignKey
ALTER TABLE "computer_tag" DROP CONSTRAINT "computer_tag_account_id_computer_id_fkey";

-- DropForeignKey
ALTER TABLE "idempotency_key" DROP CONSTRAINT "idempotency_key_account_id_fkey";

-- DropForeignKey
ALTER TABLE "password_link" DROP CONSTRAINT "password_link_account_id_person_id_fkey";

-- DropForeignKey
ALTER TABLE "person" DROP CONSTRAINT "person_account_id_fkey";

-- DropForeignKey
ALTER TABLE "removed_agent" DROP CONSTRAINT "removed_agent_account_id_fkey";

-- DropForeignKey
ALTER TABLE "revoked_token" DROP CONSTRAINT "revoked_token_account_id_fkey";

-- DropForeignKey
ALTER TABLE "role" DROP CONSTRAINT "role_account_id_fkey";

-- DropForeignKey
ALTER TABLE "role_access_group" DROP CONSTRAINT "role_access_group_account_id_access_group_id_fkey";

-- DropForeignKey
ALTER TABLE "role_access_group" DROP CONSTRAINT "role_access_group_account_id_role_id_fkey";

-- DropForeignKey
ALTER TABLE "role_person" DROP CONSTRAINT "role_person_account_id_person_id_fkey";

-- DropForeignKey
ALTER TABLE "role_person" DROP CONSTRAINT "role_person_account_id_role_id_fkey";

-- DropForeignKey
ALTER TABLE "run" DROP CONSTRAINT "run_account_id_script_profile_id_fkey";

-- DropForeignKey
ALTER TABLE "saved_search" DROP CONSTRAINT "saved_search_account_id_fkey";

-- DropForeignKey
ALTER TABLE "script" DROP CONSTRAINT "script_account_id_fkey";

-- DropForeignKey
ALTER TABLE "script_attachment" DROP CONSTRAINT "script_attachment_account_id_script_id_fkey";

-- DropForeignKey
ALTER TABLE "script_profile" DROP CONSTRAINT "script_profile_account_id_fkey";

-- DropForeignKey
ALTER TABLE "script_profile_limits" DROP CONSTRAINT "script_profile_limits_account_id_fkey";

-- DropForeignKey
ALTER TABLE "script_version" DROP CONSTRAINT "script_version_account_id_script_id_fkey";

-- DropForeignKey
ALTER TABLE "slot_entry" DROP CONSTRAINT "slot_entry_account_id_script_profile_id_fkey";

-- AddForeignKey
ALTER TABLE "script_profile_limits" ADD CONSTRAINT "script_profile_limits_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "password_link" ADD CONSTRAINT "password_link_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "role" ADD CONSTRAINT "role_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "role_access_group" ADD CONSTRAINT "role_access_group_account_id_role_id_fkey" FOREIGN KEY ("account_id", "role_id") REFERENCES "role"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "role_access_group" ADD CONSTRAINT "role_access_group_account_id_access_group_id_fkey" FOREIGN KEY ("account_id", "access_group_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "role_person" ADD CONSTRAINT "role_person_account_id_role_id_fkey" FOREIGN KEY ("account_id", "role_id") REFERENCES "role"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "role_person" ADD CONSTRAINT "role_person_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_key" ADD CONSTRAINT "access_key_account_id_person_id_fkey" FOREIGN KEY ("account_id", "person_id") REFERENCES "person"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "revoked_token" ADD CONSTRAINT "revoked_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_group" ADD CONSTRAINT "access_group_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_group_reach" ADD CONSTRAINT "access_group_reach_account_id_above_id_fkey" FOREIGN KEY ("account_id", "above_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "access_group_reach" ADD CONSTRAINT "access_group_reach_account_id_below_id_fkey" FOREIGN KEY ("account_id", "below_id") REFERENCES "access_group"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "computer" ADD CONSTRAINT "computer_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "computer_tag" ADD CONSTRAINT "computer_tag_account_id_computer_id_fkey" FOREIGN KEY ("account_id", "computer_id") REFERENCES "computer"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_account_id_computer_id_fkey" FOREIGN KEY ("account_id", "computer_id") REFERENCES "computer"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "removed_agent" ADD CONSTRAINT "removed_agent_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "saved_search" ADD CONSTRAINT "saved_search_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_attachment" ADD CONSTRAINT "script_attachment_account_id_script_id_fkey" FOREIGN KEY ("account_id", "script_id") REFERENCES "script"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "script_profile" ADD CONSTRAINT "script_profile_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_account_id_script_profile_id_fkey" FOREIGN KEY ("account_id", "script_profile_id") REFERENCES "script_profile"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "slot_entry" ADD CONSTRAINT "slot_entry_account_id_script_profile_id_fkey" FOREIGN KEY ("account_id", "script_profile_id") REFERENCES "script_profile"("account_id", "id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
