"""The first start: the office, a passphrase, the recovery sheet."""
