-- What mail clients ask for beyond flags: when a message came into its folder (RFC 8514), which conversation it belongs to (RFC 8474), its
-- first words (RFC 8970), how much a mailbox holds (RFC 9208), and up to where the log of expunged messages was pruned (RFC 7162).

-- Unknown (null) for messages that lay in their folder before this.
ALTER TABLE messages ADD COLUMN saved_at bigint;

-- A conversation bears the number of its first content. Null until what was stored before this has been looked through.
ALTER TABLE contents ADD COLUMN thread_id bigint;
ALTER TABLE contents ADD COLUMN preview text;
CREATE INDEX contents_by_thread ON contents (account_id, thread_id);

-- Message-IDs (and base subjects, with an s: before them) that were seen, and the conversation each belongs to.
CREATE TABLE thread_keys (
    account_id bigint NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    thread_key text NOT NULL,
    thread_id bigint NOT NULL,
    PRIMARY KEY (account_id, thread_key)
);

CREATE INDEX thread_keys_by_thread ON thread_keys (account_id, thread_id);

-- What was expunged with a MODSEQ up to this may be missing from the log.
ALTER TABLE folders ADD COLUMN pruned_modseq bigint NOT NULL DEFAULT 0;

-- Each place of a message counts, as clients see it.
ALTER TABLE accounts ADD COLUMN used_bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN used_messages bigint NOT NULL DEFAULT 0;
UPDATE accounts SET
    used_bytes = (SELECT coalesce(sum(m.size), 0) FROM messages m WHERE m.account_id = accounts.account_id),
    used_messages = (SELECT count(*) FROM messages m WHERE m.account_id = accounts.account_id);
