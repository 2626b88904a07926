// Starts Swagger UI on our own document; a file of its own, so that the page needs no inline script.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    syntaxHighlight: { activated: false },
    presets: [SwaggerUIBundle.presets.apis],
  });
});
