"""Page bytes in, extracted article out, inside a killable worker process."""
