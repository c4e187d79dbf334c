-- The role the application uses on PostgreSQL, apart from the one that owns the tables.
-- Run it as the owner, in the database of Duly, after each ./duly migrate:
--   psql "$OWNER_URL" -v app=duly_app -f migrations/grants.sql
-- Create the role once before: CREATE ROLE duly_app LOGIN PASSWORD '...';
GRANT USAGE ON SCHEMA public TO :"app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
-- What is only ever added to. The triggers refuse the same to everybody, the owner included.
REVOKE UPDATE, DELETE ON ledger_entry, questionnaire_version FROM :"app";
-- Words of the ledger may be emptied and no more; answers, tierings, submissions and signatures go
-- with an erasure and no other way: triggers see to both.
REVOKE DELETE ON ledger_words FROM :"app";
REVOKE INSERT, DELETE ON ledger_head FROM :"app";
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM :"app";
