-- Substrings of headers and text parts, by trigrams. This table is SQLite's own kind (PostgreSQL has pg_trgm for the same): only TextIndexTable speaks to it.
-- The text itself is not kept. A row's number is account_id * 2^32 + content_id. Text is folded before it comes here, so the index compares it as it is.
CREATE VIRTUAL TABLE message_text USING fts5(
    head, body, content = '', contentless_delete = 1, detail = column, tokenize = 'trigram case_sensitive 1'
);

-- 0: waits for the index; 1: in the index; 2: found by reading alone (too much text, or damaged).
ALTER TABLE contents ADD COLUMN indexed bigint NOT NULL DEFAULT 0;
CREATE INDEX contents_not_indexed ON contents (account_id, content_id, indexed) WHERE indexed <> 1;
-- All that searching wants of a content, without the pages that hold structures.
CREATE INDEX contents_for_search ON contents (account_id, content_id, sent_day, thread_id, indexed);
