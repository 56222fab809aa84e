import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

const devnetOnly = {
  group: ['**/lib/devnet/**'],
  message: 'devnet is imported lazily, and by devnet, demo and tests only',
}

const terminalOnly = ['chalk', 'listr2', 'inquirer', '@oclif/core'].map((name) => ({
  name,
  message: 'only lib/cli and lib/ui know the terminal',
}))

export default tseslint.config(
  {ignores: ['dist', 'node_modules', 'coverage', 'src/lib/contracts/generated', 'test/fixtures', 'move']},
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: {parserOptions: {project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', {checksVoidReturn: false}],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        {fixStyle: 'inline-type-imports', disallowTypeAnnotations: false},
      ],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {globals: {process: 'readonly', console: 'readonly', URL: 'readonly'}},
  },
  {files: ['scripts/**', 'test/**', 'bin/**'], rules: {'no-console': 'off'}},
  {files: ['test/**'], rules: {'@typescript-eslint/no-unused-expressions': 'off'}},
  {
    files: ['src/lib/**/*.ts'],
    ignores: ['src/lib/{cli,ui,devnet}/**'],
    rules: {'no-restricted-imports': ['error', {paths: terminalOnly, patterns: [devnetOnly]}]},
  },
  {
    files: ['src/lib/devnet/**/*.ts'],
    rules: {'no-restricted-imports': ['error', {paths: terminalOnly}]},
  },
  {
    files: ['src/lib/{cli,ui}/**/*.ts'],
    rules: {'no-restricted-imports': ['error', {patterns: [devnetOnly]}]},
  },
  prettier,
)
