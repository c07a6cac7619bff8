"use strict";

const target = document.getElementById("api");

SwaggerUIBundle({
  url: target.dataset.document,
  domNode: target,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
