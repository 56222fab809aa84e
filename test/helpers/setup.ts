/** Runs before every mocha process: one look of the world for all tests. */
delete process.env.FORCE_COLOR
process.env.NO_COLOR = '1'
process.env.COLUMNS = '120'
