"""The photos of a supplier's products in the console: look, put in, take out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.console import actor_of, page, user_of
from communities.importing.entry import act
from config.kernel.audit import Actor
from config.kernel.errors import NotFound
from suppliers.access import access_supplier_to_keep
from suppliers.models import Product, ProductPhoto, Supplier
from suppliers.photos.images import MAX_BYTES
from suppliers.photos.keeping import PhotoTooLarge, remove_photo, set_photo
from suppliers.selectors import in_catalogue_order

_PER_PAGE = 30


@page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """Every product for sale with its photo; POST puts one in or takes it out. Constant statements."""
    supplier = access_supplier_to_keep(user_of(request), public_id=supplier_id)
    if request.method == "POST":
        return _change(request, supplier)
    goods = in_catalogue_order(supplier.products.filter(is_active=True))
    rows = goods.select_related("photo").defer("photo__content")
    shown = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "photos/index.html", {"supplier": supplier, "page": shown})


def _change(request: HttpRequest, supplier: Supplier) -> HttpResponse:
    product = _product(supplier, request.POST.get("product", ""))
    file, actor = request.FILES.get("file"), actor_of(request)
    if "remove" in request.POST:
        act(request, lambda: remove_photo(product=product, actor=actor), done=_("Taken out."))
    elif file is None:
        messages.error(request, _("Please choose a photo first."))
    else:
        act(
            request,
            lambda: _put_in(product, file, actor),
            done=_("Photo of %(name)s put in.") % {"name": product.name},
        )
    response = redirect("catalogue:photos", supplier.public_id)
    number = request.POST.get("page", "")
    response["Location"] += f"?page={number}" if number.isdigit() and len(number) < 9 else ""
    return response


def _put_in(product: Product, file: UploadedFile[bytes], actor: Actor) -> None:
    # Of a larger upload only the beginning was kept.
    if (file.size or 0) > MAX_BYTES:
        raise PhotoTooLarge()
    set_photo(product=product, content=file.read(), actor=actor)


def _product(supplier: Supplier, given: str) -> Product:
    """A product of the supplier that the page named. Raises NotFound."""
    try:
        public_id = UUID(given)
    except ValueError:
        raise NotFound() from None
    product = supplier.products.select_related("supplier").filter(public_id=public_id).first()
    if product is None:
        raise NotFound()
    return product


@page
@require_GET
def show(request: HttpRequest, supplier_id: UUID, product_id: UUID) -> HttpResponse:
    """The picture itself, for the page above."""
    supplier = access_supplier_to_keep(user_of(request), public_id=supplier_id)
    rows = ProductPhoto.objects.filter(product__supplier=supplier, product__public_id=product_id)
    photo = rows.first()
    if photo is None:
        raise NotFound()
    return HttpResponse(bytes(photo.content), headers={"Content-Type": photo.media_type})
