// Shows the OpenAPI description at /api/v2, and sends what is tried out. Loads everything from this server.
globalThis.SwaggerUIBundle({
  dom_id: '#rest',
  url: 'v2/openapi.json',
  deepLinking: true,
  filter: true,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  // No description is sent elsewhere to be judged.
  validatorUrl: null,
});
