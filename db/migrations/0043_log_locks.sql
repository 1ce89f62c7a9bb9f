-- To change a log, these wait for whoever writes into it, and others wait behind them: not for long. They come again.
alter function maintain_audit_log(double precision) set lock_timeout = '5s';
alter function erase_from_log(text, uuid[], text[], timestamptz[], uuid[]) set lock_timeout = '5s';
