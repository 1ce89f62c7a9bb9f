#!/bin/sh
# Runs once, when the database of compose.yaml is new: the app's own role, which row security binds.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres --set=password="$GATEHOUSE_PASSWORD" <<'SQL'
create role gatehouse login password :'password' nosuperuser nobypassrls;
create database gatehouse owner gatehouse;
SQL
