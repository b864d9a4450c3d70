"use strict";

// A telephone's photo has many megabytes: it is drawn smaller before it is sent. Without scripts it is sent as it is, and
// refused if it is too large.

const SIDE = 1280;
const ENOUGH = 300 * 1024;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches("input[data-shrink]") || !input.files.length || input.files[0].size < ENOUGH) return;
  const button = input.form.querySelector("button");
  button.disabled = true;
  try {
    const chosen = new DataTransfer();
    chosen.items.add(await smaller(input.files[0]));
    input.files = chosen.files;
  } catch {
    // Not a picture this browser can read: the server says what is wrong with it.
  } finally {
    button.disabled = false;
  }
});
