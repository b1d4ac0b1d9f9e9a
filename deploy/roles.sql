-- The roles and the database. Run as a superuser, again after an update that says so (it also renews the passwords):
--   psql -v ON_ERROR_STOP=1 -v owner_password=… -v app_password=… -f roles.sql
-- dangwu_owner owns the tables and migrates them; dangwu_app is the application, bound by row-level security.
select format('create role %I login', name)
  from unnest(array['dangwu_owner', 'dangwu_app']) as name
 where not exists (select from pg_roles where rolname = name) \gexec

alter role dangwu_owner with password :'owner_password' nosuperuser nocreatedb nocreaterole nobypassrls;
alter role dangwu_app with password :'app_password' nosuperuser nocreatedb nocreaterole nobypassrls;
-- Reads all of it for backups, where a password is given for it: -v backup_password=…
\if :{?backup_password}
select 'create role dangwu_backup login'
 where not exists (select from pg_roles where rolname = 'dangwu_backup') \gexec
alter role dangwu_backup with password :'backup_password' nosuperuser nocreatedb nocreaterole bypassrls;
grant pg_read_all_data to dangwu_backup;
\endif
-- current_date in SQL is then the same day as on the pages.
alter role dangwu_owner set timezone = 'Asia/Shanghai';
alter role dangwu_app set timezone = 'Asia/Shanghai';
-- An error's details quote what was being written: personal data, which the server's log must not hold.
alter role dangwu_owner set log_error_verbosity = 'terse';
alter role dangwu_app set log_error_verbosity = 'terse';
-- Here a transaction keeps whose county it is in (migrations/support.py): nobody but the owner's function may say so.
grant set on parameter backtrace_functions to dangwu_owner;
alter role dangwu_owner set backtrace_functions = '';
alter role dangwu_app set backtrace_functions = '';
alter role dangwu_app set idle_in_transaction_session_timeout = '10min';

select 'create database dangwu owner dangwu_owner template template0 encoding ''UTF8'''
 where not exists (select from pg_database where datname = 'dangwu') \gexec

\connect dangwu
revoke all on schema public from public;
grant usage on schema public to dangwu_app;
