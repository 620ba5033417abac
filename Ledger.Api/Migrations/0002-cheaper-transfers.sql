-- Each transfer locked the ledger's one row against deletion (for key share), which all of them share: the server keeps a list of
-- who does, and that list costs more than the insert. The statement before has looked for the ledger, and no row of it is ever deleted.
alter table transactions drop constraint transactions_ledger_id_fkey;

-- An operation's account is its balance's, and that reference stays.
alter table operations drop constraint operations_account_id_fkey;

-- A balance changes all the time, and no index of it: with room in its page the new version stays there and the indexes are left alone.
alter table balances set (fillfactor = 70);
