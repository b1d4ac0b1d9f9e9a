#!/bin/sh
# Run once by the postgres image, as its superuser, when the database is made.
set -eu
exec psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -v backup_password="$BACKUP_PASSWORD" \
    -U postgres -d postgres -f /dangwu/roles.sql
